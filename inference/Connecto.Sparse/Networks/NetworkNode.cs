namespace Connecto.Sparse;

/// <summary>One node of a network's graph.</summary>
public sealed record NetworkNode
{
    /// <summary>The name, unique in the network and not the input's.</summary>
    public required string Name { get; init; }

    /// <summary>What it computes.</summary>
    public required NetworkOperator Operator { get; init; }

    /// <summary>Names of the nodes that it reads, or <see cref="NetworkModel.InputName"/>.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Output channels of a convolution or a linear layer; 0 for others.</summary>
    public int Channels { get; init; }

    /// <summary>Edge of a convolution's kernel along rows and columns, 1 to 31 pixels; 1 for others.</summary>
    public int Kernel { get; init; } = 1;

    /// <summary>Factor of a pooling or upsampling along rows and columns, stride of a convolution, 1 to 16; 1 for
    /// others.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Edge of a 3D convolution's kernel along sections, 1 to 31; 1 for others.</summary>
    public int DepthKernel { get; init; } = 1;

    /// <summary>Stride or factor of a 3D operator along sections, 1 to 16; 1 for others.</summary>
    public int DepthStride { get; init; } = 1;

    /// <summary>Zeros that a convolution puts before and behind rows and columns, 0 to 255; null for "same": (reach -
    /// 1) / 2 before, reach = (kernel - 1) * dilation + 1, and as many behind as the output needs.</summary>
    public int? Padding { get; init; }

    /// <summary>The same for sections.</summary>
    public int? DepthPadding { get; init; }

    /// <summary>Pixels from one weight of a convolution's kernel to the next along every axis, 1 to 16; 1 for
    /// others.</summary>
    public int Dilation { get; init; } = 1;

    /// <summary>Groups of a convolution: group g of the outputs reads group g of the inputs only. As many as channels
    /// make it depthwise; 1 for others.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Added to the variance by a norm, at least 0; not used by others.</summary>
    public double Epsilon { get; init; } = 1e-5;
}
