namespace Connecto.Graph;

/// <summary>Bytes of a connectome's weights in one format.</summary>
/// <param name="Format">"csr fp32", "csr int8", "bitmask fp32", "bitmask int8", "dense fp32" or "dense int8".</param>
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
        FormatBudget[] all =
        [
            new("csr fp32", csr, 4.0 * edges), new("csr int8", csr, edges),
            new("bitmask fp32", mask, 4.0 * edges), new("bitmask int8", mask, edges),
            new("dense fp32", 0, 4 * cells), new("dense int8", 0, cells),
        ];
        return [.. all.OrderBy(f => f.TotalBytes)];
    }
}
