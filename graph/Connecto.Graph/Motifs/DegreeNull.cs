namespace Connecto.Graph;

/// <summary>How a degree-preserving null is drawn.</summary>
public sealed record NullOptions
{
    /// <summary>Random graphs drawn; at least 2.</summary>
    public int Samples { get; init; } = 100;

    /// <summary>Steps of edge switching / edges, refused ones included.</summary>
    public double StepsPerEdge { get; init; } = 10;

    /// <summary>Seed; graph k depends on the seed and k alone.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads, each holding a graph of its own; the result is the same with any number.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>A figure of a graph beside the same figure of random graphs of the same degrees.</summary>
/// <param name="Observed">Of the graph itself.</param>
/// <param name="Mean">Mean of the random graphs.</param>
/// <param name="Deviation">Their standard deviation (of a sample: n - 1).</param>
/// <param name="ZScore">(observed - mean) / deviation; null where all random graphs agree.</param>
public readonly record struct AgainstNull(double Observed, double Mean, double Deviation, double? ZScore)
{
    internal static AgainstNull Of(double observed, ReadOnlySpan<double> samples)
    {
        // Equal samples have no deviation at all, which rounding of their mean would hide.
        if (!samples.ContainsAnyExcept(samples[0])) return new AgainstNull(observed, samples[0], 0, null);
        double sum = 0, squares = 0;
        foreach (var sample in samples) sum += sample;
        var mean = sum / samples.Length;
        foreach (var sample in samples) squares += (sample - mean) * (sample - mean);
        var deviation = Math.Sqrt(squares / (samples.Length - 1));
        return new AgainstNull(observed, mean, deviation, (observed - mean) / deviation);
    }
}

/// <summary>Draws random graphs with the degrees of a connectome and measures each.</summary>
internal static class DegreeNull
{
    /// <returns>A row a random graph, in order.</returns>
    public static T[] Measure<T>(
        Connectome connectome, NullOptions options, Func<PlainRows, T> measure, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Samples, 2, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads, nameof(options));
        if (!(options.StepsPerEdge >= 0) || double.IsInfinity(options.StepsPerEdge))
            throw new ArgumentOutOfRangeException(nameof(options), "Steps an edge must be a finite number from 0.");
        var (pre, post) = WithoutAutapses(connectome);
        var rows = new T[options.Samples];
        Parallel.For(0, rows.Length,
            new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation },
            sample =>
            {
                var random = new SplitMix(options.Seed, (ulong)sample);
                var posts = EdgeSwitching.Shuffle(pre, post, options.StepsPerEdge, random);
                rows[sample] = measure(new PlainRows(connectome.NeuronCount, pre, posts));
            });
        return rows;
    }

    private static (int[] Pre, int[] Post) WithoutAutapses(Connectome c)
    {
        var edges = Enumerable.Range(0, c.EdgeCount).Where(e => c.Pre[e] != c.Post[e]).ToArray();
        return ([.. edges.Select(e => c.Pre[e])], [.. edges.Select(e => c.Post[e])]);
    }
}
