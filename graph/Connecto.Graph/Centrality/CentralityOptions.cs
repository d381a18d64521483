namespace Connecto.Graph;

/// <summary>How a centrality over paths is reckoned.</summary>
public sealed record CentralityOptions
{
    /// <summary>Neurons that paths are searched from; null or at least as many as there are = all, which is exact. Of fewer, drawn
    /// with the seed, sums are scaled up by neurons / sources.</summary>
    public int? Sources { get; init; }

    /// <summary>Seed of the draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads; the result is the same, to the bit, with any number.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The sources, ascending: all, or a sample without repetition (Floyd 1987).</summary>
    internal int[] Draw(int neurons)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Threads, nameof(Threads));
        if (Sources is { } wanted) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(wanted, nameof(Sources));
        if (Sources is not { } count || count >= neurons) return [.. Enumerable.Range(0, neurons)];
        var random = new SplitMix(Seed, 0);
        var drawn = new SortedSet<int>();
        for (var top = neurons - count; top < neurons; top++)
            if (!drawn.Add(random.Below(top + 1)))
                drawn.Add(top);
        return [.. drawn];
    }
}
