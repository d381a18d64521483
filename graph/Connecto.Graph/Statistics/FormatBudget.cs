namespace Connecto.Graph;

/// <summary>Bytes of a connectome's weights in one format.</summary>
/// <param name="Format">"csr", "bitmask" or "dense" with "fp32", "int16" or "int8"; "columns int16" is what spiking runs read.</param>
/// <param name="ConnectivityBytes">Who is connected with whom.</param>
/// <param name="WeightBytes">How strongly.</param>
public sealed record FormatBudget(string Format, double ConnectivityBytes, double WeightBytes)
{
    /// <summary>Connectivity and weights.</summary>
    public double TotalBytes => ConnectivityBytes + WeightBytes;

    /// <summary>Bytes of one row of a synapse table: four ids and sizes of 8, three sites of 12, score and block of 4.</summary>
    internal const int BytesPerContact = 4 * 8 + 3 * 12 + 2 * 4;

    /// <summary>All formats, least bytes first. Row starts and column numbers take 4 bytes where that is enough, else 8;
    /// a bitmask is one bit a pair.</summary>
    internal static IReadOnlyList<FormatBudget> Table(long neurons, long edges)
    {
        double cells = (double)neurons * neurons;
        double csr = (neurons + 1.0) * (edges <= uint.MaxValue ? 4 : 8) + (double)edges * (neurons <= uint.MaxValue ? 4 : 8);
        double mask = Math.Ceiling(cells / 8);
        double columns = 8 * (neurons + 1.0) + (double)edges * (neurons <= uint.MaxValue ? 4 : 8);
        FormatBudget[] all =
        [
            new("csr fp32", csr, 4.0 * edges), new("csr int16", csr, 2.0 * edges), new("csr int8", csr, edges), new("columns int16", columns, 2.0 * edges),
            new("bitmask fp32", mask, 4.0 * edges), new("bitmask int16", mask, 2.0 * edges), new("bitmask int8", mask, edges),
            new("dense fp32", 0, 4 * cells), new("dense int16", 0, 2 * cells), new("dense int8", 0, cells),
        ];
        return [.. all.OrderBy(f => f.TotalBytes)];
    }
}
