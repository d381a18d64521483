using System.Globalization;

namespace Connecto.Cli.Bench;

/// <summary>A timed run on the terminal: a line a stage as soon as it is known, then what it means.</summary>
internal static class PipelineText
{
    public static void Open() => Line("stage", "Mvoxel", "seconds", "Mvoxel/s", "peak MiB");

    public static void Add(PipelineRow row) => Line(
        row.Stage, Number(row.Voxels / 1e6, "0.0"), Number(row.Seconds, "0.00"), Number(row.MvoxelsPerSecond, "0.00"),
        Number(row.PeakMemoryBytes / 1048576.0, "0"));

    public static void Close(PipelineReport report)
    {
        var (tile, bound) = (report.Tile, report.Bound);
        Console.Out.WriteLine();
        Console.Out.WriteLine($"Shares: {string.Join(", ", report.Shares.Select(s => $"{s.Key} {Number(100 * s.Value, "0")} %"))}.");
        Console.Out.WriteLine(
            $"Network of '{report.Model}': {Number(tile.Network.DenseKmac, "0.00")} kMAC a pixel dense, {Number(tile.Network.KeptKmac, "0.00")} " +
            $"of weights kept ({Number(100.0 * tile.Network.ZeroWeights / Math.Max(1, tile.Network.Weights), "0.0")} % are zero); " +
            $"{Number(tile.PixelsPerVoxel, "0.00")} pixels a voxel, with overlap: {Number(report.Kmac.Dense, "0.00")} and " +
            $"{Number(report.Kmac.Sparse, "0.00")} kMAC a voxel, the companion for synapses included.");
        Console.Out.WriteLine(
            $"Bound: {Number(tile.PeakGmacs, "0")} GMAC/s in {bound.Precision} on {report.Threads} thread(s), so {Number(bound.Seconds, "0.00")} s " +
            $"at least for predict, which reaches {Number(100 * bound.Stage, "0")} % of it; the network on one tile reaches {Number(100 * bound.Network, "0")} %.");
        Console.Out.WriteLine();
        Console.Out.WriteLine($"One tile of {tile.TileRows} x {tile.TileColumns} pixels, medians, in turn:");
        Output.WriteTable([
            ["engine", "precision", "threads", "ms", "Mpixel/s", "GMAC/s", "its time / ours", "off by"],
            .. tile.Rows.Select(r => new[]
            {
                r.Engine, r.Precision, Number(r.Threads, "0"), Number(r.Milliseconds, "0.00"), Number(r.MegapixelsPerSecond, "0.00"),
                Number(r.Gmacs, "0.0"), Number(r.Speedup, "0.00"), Number(r.Difference, "0.0000"),
            }),
        ]);
        foreach (var sentence in tile.Missing) Console.Out.WriteLine(sentence);
    }

    private static void Line(string stage, params ReadOnlySpan<string> cells)
    {
        Console.Out.Write(stage.PadRight(8));
        foreach (var cell in cells) Console.Out.Write(cell.PadLeft(11));
        Console.Out.WriteLine();
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
