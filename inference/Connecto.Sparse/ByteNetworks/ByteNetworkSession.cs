using Connecto.Sparse.ByteNetworks;

namespace Connecto.Sparse;

/// <summary>Runs a <see cref="ByteNetwork"/> on one thread at a time; make one session a thread.</summary>
public sealed unsafe class ByteNetworkSession
{
    private readonly ByteNetwork network;
    private readonly BytePlan plan;
    private readonly ByteMemory memory;

    internal ByteNetworkSession(ByteNetwork network, BytePlan plan) =>
        (this.network, this.plan, memory) = (network, plan, plan.NewMemory());

    /// <summary>Runs the network once.</summary>
    /// <param name="pixels">[Inputs][Height][Width]: bytes as the quantisation's input says.</param>
    /// <param name="output">[Outputs][Height][Width]: probability * 255; written in full.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <exception cref="ObjectDisposedException">The network was disposed of.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(ReadOnlySpan<byte> pixels, Span<byte> output)
    {
        Check(pixels.Length, output.Length);
        fixed (byte* from = pixels, to = output)
        {
            memory.Input = from;
            memory.Output = to;
            plan.Run(memory);
        }
    }

    /// <summary>Runs the network as <see cref="Run"/> does, and measures every step.</summary>
    /// <returns>Steps in order, by the node whose value they yield, with the sum over all bands.</returns>
    /// <exception cref="ArgumentException">A length differs.</exception>
    public IReadOnlyList<(string Name, TimeSpan Time)> Profile(ReadOnlySpan<byte> pixels, Span<byte> output)
    {
        Check(pixels.Length, output.Length);
        fixed (byte* from = pixels, to = output)
        {
            memory.Input = from;
            memory.Output = to;
            return plan.Profile(memory);
        }
    }

    private void Check(int pixels, int output)
    {
        var plane = (long)network.Height * network.Width;
        if (pixels != network.Inputs * plane || output != network.Outputs * plane)
            throw new ArgumentException(
                $"{network.Height} x {network.Width} pixels take {network.Inputs * plane} bytes in and {network.Outputs * plane} out; "
                + $"found {pixels} and {output}.");
    }
}
