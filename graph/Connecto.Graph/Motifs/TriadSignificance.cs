namespace Connecto.Graph;

/// <summary>One kind of three neurons against random graphs of the same degrees.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Label">The field's label.</param>
/// <param name="Count">How many there are, exactly.</param>
/// <param name="Null">The same beside the random graphs.</param>
public readonly record struct TriadRow(TriadClass Kind, string Label, long Count, AgainstNull Null);

/// <summary>The triad census beside that of random graphs in which every neuron keeps its number of partners, in and
/// out.</summary>
public sealed record TriadSignificance
{
    /// <summary>A row a kind, in the order of <see cref="TriadClass"/>.</summary>
    public required IReadOnlyList<TriadRow> Rows { get; init; }

    /// <summary>How the random graphs were drawn.</summary>
    public required NullOptions Options { get; init; }

    /// <summary>Takes the census of the graph and of every random graph.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two samples, or a negative or infinite number of steps.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <remarks>O(samples * (steps + census)); the same for the same seed, at any number of threads.</remarks>
    public static TriadSignificance Of(Connectome connectome, NullOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        var observed = TriadCensus.Of(connectome, options.Threads, cancellation);
        var samples = DegreeNull.Measure(
            connectome, options, rows => TriadCensus.Of(DyadRows.Of(rows), threads: 1, cancellation), cancellation);
        return new TriadSignificance
        {
            Options = options,
            Rows = [.. Enum.GetValues<TriadClass>().Select(kind => new TriadRow(
                kind, TriadCensus.Labels[(int)kind], observed[kind],
                AgainstNull.Of(observed[kind], [.. samples.Select(s => (double)s[kind])])))],
        };
    }
}
