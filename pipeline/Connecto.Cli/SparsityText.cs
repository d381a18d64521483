using System.Globalization;
using Connecto.Training;

namespace Connecto.Cli;

/// <summary>A network's layers with their zeros, as a table.</summary>
internal static class SparsityText
{
    /// <param name="layers">The layers.</param>
    /// <param name="microseconds">Measured times in bytes by layer; empty where the network was not run so.</param>
    public static void Write(IReadOnlyList<LayerSparsity> layers, Dictionary<string, double> microseconds)
    {
        var all = new LayerSparsity("all", layers.Sum(l => l.Weights), layers.Sum(l => l.Zeros), layers.Sum(l => l.ZeroBlocks),
            layers.Sum(l => l.MultiplyAdds));
        var time = microseconds.Count > 0 ? "int8 us" : "";
        Output.WriteTable([
            ["layer", "weights", "zeros %", "in blocks %", "kMAC/voxel", "without zeros", "without blocks", time],
            .. layers.Select(l => Row(l, l.SparseMultiplyAdds, l.BlockMultiplyAdds,
                microseconds.TryGetValue(l.Name, out var us) ? Text(us, "0") : "")),
            Row(all, layers.Sum(l => l.SparseMultiplyAdds), layers.Sum(l => l.BlockMultiplyAdds),
                microseconds.Count > 0 ? Text(microseconds.Values.Sum(), "0") : ""),
        ]);
    }

    private static string[] Row(LayerSparsity layer, double sparse, double blocks, string time) =>
    [
        layer.Name, Text(layer.Weights, "0"), Text(100.0 * layer.Zeros / layer.Weights, "0.0"),
        Text(100.0 * layer.ZeroBlocks / layer.Weights, "0.0"), Text(layer.MultiplyAdds / 1000, "0.000"), Text(sparse / 1000, "0.000"),
        Text(blocks / 1000, "0.000"), time,
    ];

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
