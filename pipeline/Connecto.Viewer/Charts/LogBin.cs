namespace Connecto.Viewer;

/// <summary>Values from <paramref name="From"/> up to, not including, <paramref name="To"/>.</summary>
internal readonly record struct LogBin(long From, long To, long Count)
{
    /// <summary>Values per unit of value.</summary>
    internal double Density => Count / (double)(To - From);

    /// <summary>Where the bin stands on a logarithmic axis.</summary>
    internal double Middle => Math.Sqrt(From * (double)(To - 1));

    /// <summary>Bins from 1 on that grow by about a quarter of an octave each, each a whole number wide; zeros are left
    /// out.</summary>
    internal static List<LogBin> Cut(IReadOnlyList<long> values, long most)
    {
        var edges = new List<long> { 1 };
        while (edges[^1] <= most) edges.Add(Math.Max(edges[^1] + 1, (long)(edges[^1] * 1.45)));
        var counts = new long[edges.Count - 1];
        foreach (var value in values)
        {
            if (value <= 0) continue;
            var at = edges.BinarySearch(value);
            counts[at >= 0 ? at : ~at - 1]++;
        }
        return [.. counts.Select((count, i) => new LogBin(edges[i], edges[i + 1], count))];
    }
}
