namespace Connecto.Sparse;

/// <summary>What a node of a network computes, on planes of shape [C][H][W].</summary>
public enum NetworkOperator
{
    /// <summary>Cross-correlation with zero padding "same" ((kernel - 1) / 2 before), plus bias. Tensors: NAME.weight
    /// [out][in][kernel][kernel] and NAME.bias [out]. With a stride, output y, x is centred on input y, x *
    /// stride.</summary>
    Conv2d,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>The maximum of each cell of stride x stride pixels.</summary>
    MaxPool2d,

    /// <summary>Each pixel repeated stride x stride times (nearest neighbour).</summary>
    Upsample2d,

    /// <summary>The channels of all inputs, one after the other.</summary>
    Concat,

    /// <summary>The sum of all inputs, channel by channel.</summary>
    Add,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,
}

/// <summary>One node of a network's graph.</summary>
public sealed record NetworkNode
{
    /// <summary>The name, unique in the network and not the input's.</summary>
    public required string Name { get; init; }

    /// <summary>What it computes.</summary>
    public required NetworkOperator Operator { get; init; }

    /// <summary>Names of the nodes that it reads, or <see cref="NetworkModel.InputName"/>.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Output channels of a convolution; 0 for others.</summary>
    public int Channels { get; init; }

    /// <summary>Edge of a convolution's kernel, pixels; 1 for others.</summary>
    public int Kernel { get; init; } = 1;

    /// <summary>Factor of a pooling or upsampling, stride of a convolution; 1 for others.</summary>
    public int Stride { get; init; } = 1;
}
