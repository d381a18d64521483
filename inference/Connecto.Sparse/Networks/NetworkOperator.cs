namespace Connecto.Sparse;

/// <summary>What a node of a network computes, on planes [C][H][W] or volumes [C][D][H][W].</summary>
/// <remarks>
/// A plane is a volume of one section, and a 2D operator works section by section, so that every operator takes both.
/// Tokens are planes of one row: [C][1][N]. <see cref="NetworkModel"/> has a table of all operators. NaN is never
/// hidden: where an operator reads a NaN with a non-zero weight, it yields NaN; maxima are the exception, see there.
/// </remarks>
public enum NetworkOperator
{
    /// <summary>Cross-correlation plus bias, with zeros around the planes; see <see cref="NetworkNode.Padding"/>.
    /// Tensors: NAME.weight [out][in / groups][kernel][kernel] and NAME.bias [out]. With padding "same" and a stride,
    /// output y, x is centred on input y * stride, x * stride.</summary>
    Conv2d,

    /// <summary>max(x, 0); NaN stays NaN.</summary>
    Relu,

    /// <summary>The maximum of each cell of stride x stride pixels. Whether a NaN among numbers is kept is not
    /// defined.</summary>
    MaxPool2d,

    /// <summary>Each pixel repeated stride x stride times (nearest neighbour).</summary>
    Upsample2d,

    /// <summary>The channels of all inputs, one after the other.</summary>
    Concat,

    /// <summary>The sum of all inputs, channel by channel.</summary>
    Add,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>Cross-correlation of volumes plus bias. Tensors: NAME.weight [out][in / groups][depthKernel][kernel]
    /// [kernel] and NAME.bias [out].</summary>
    Conv3d,

    /// <summary>A linear layer on the channels of every position: a 1 x 1 convolution. Tensors: NAME.weight [out][in]
    /// and NAME.bias [out].</summary>
    Linear,

    /// <summary>The maximum of each cell of depthStride x stride x stride voxels; NaN as for MaxPool2d.</summary>
    MaxPool3d,

    /// <summary>Each voxel repeated depthStride x stride x stride times (nearest neighbour).</summary>
    Upsample3d,

    /// <summary>The mean of each cell of stride x stride pixels.</summary>
    AveragePool2d,

    /// <summary>The mean of each cell of depthStride x stride x stride voxels.</summary>
    AveragePool3d,

    /// <summary>The mean of each channel's plane or volume, as one position.</summary>
    GlobalAveragePool,

    /// <summary>Linear interpolation between pixel centres, stride times as fine; beyond the outermost centres the
    /// outermost pixels hold.</summary>
    UpsampleBilinear2d,

    /// <summary>(x - mean) / sqrt(variance + epsilon) * weight + bias by channel, with fixed statistics. Tensors:
    /// NAME.weight, NAME.bias, NAME.mean, NAME.variance, all [C].</summary>
    BatchNorm,

    /// <summary>The same with mean and variance over the channels of every position. Tensors: NAME.weight and NAME.bias,
    /// both [C].</summary>
    LayerNorm,

    /// <summary>exp(x) / sum of exp(x) over the channels of every position. A position with a NaN or with an infinite
    /// maximum becomes NaN in all channels.</summary>
    Softmax,

    /// <summary>x * (1 + erf(x / sqrt 2)) / 2, to 2e-7 * max(1, |x|); NaN at minus infinity.</summary>
    Gelu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,
}
