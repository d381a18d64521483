namespace Connecto.Sparse;

/// <summary>What a session does for one layer of a network at one input size.</summary>
/// <remarks>A Relu or BatchNorm that the layer before does too has no line of its own; a strided convolution has a second
/// line for the phases of its input, and the copies in and out have one each.</remarks>
public sealed record LayerDescription
{
    /// <summary>The node's name; "input" and "output" for the copies.</summary>
    public required string Name { get; init; }

    /// <summary>What is done, fused parts included: "Conv2d + BatchNorm + Relu", "phases", "copy".</summary>
    public required string Operation { get; init; }

    /// <summary>The kernel: "stream", "sparse", "dense" for convolutions, "rows" or "positions" for what works row by
    /// row or value by value.</summary>
    public required string Kernel { get; init; }

    /// <summary>Output channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Size of the output's planes.</summary>
    public required Extent Size { get; init; }

    /// <summary>Share of non-zero weights, 0 to 1; NaN for a layer without a weight matrix.</summary>
    public double Density { get; init; } = double.NaN;

    /// <summary>Multiply-adds with non-zero weights.</summary>
    public double MultiplyAdds { get; init; }

    /// <summary>Bytes of the planes read and written, each once.</summary>
    public required long PlaneBytes { get; init; }

    /// <summary>The segment that it belongs to: layers of one segment take turns band by band.</summary>
    public required int Segment { get; init; }

    /// <summary>Bands of the segment; 1 where each of its layers is done for whole planes.</summary>
    public required int Bands { get; init; }

    /// <summary>Measured time of a run, us; NaN where none was measured.</summary>
    public double Microseconds { get; init; } = double.NaN;
}
