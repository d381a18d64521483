namespace Connecto.BrainNetworks;

/// <summary>Processes that share a network out by neurons: each has a range, and once a window of one delay all tell all others who
/// spiked. All must call the same methods in the same order.</summary>
public interface ISpikeExchange
{
    /// <summary>This process, from 0.</summary>
    int Rank { get; }

    /// <summary>How many there are.</summary>
    int Size { get; }

    /// <summary>Brings together what every process has.</summary>
    /// <param name="own">This one's bytes; may be none.</param>
    /// <returns>Those of all processes, in the order of their ranks, and where each begins (and the end): Size + 1 places.</returns>
    (byte[] All, int[] Starts) Gather(ReadOnlySpan<byte> own);
}
