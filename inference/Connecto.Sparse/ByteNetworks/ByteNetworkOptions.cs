namespace Connecto.Sparse;

/// <summary>How a <see cref="ByteNetwork"/> is planned. Results do not depend on it.</summary>
public sealed record ByteNetworkOptions
{
    /// <summary>The kernels: Stream is generated VNNI code, Portable is compiled code.</summary>
    public ProductKernel Kernel { get; init; }

    /// <summary>Lines of full resolution that a layer does before the next one goes on with them; 0 for what was
    /// measured best.</summary>
    public int BandLines { get; init; }
}
