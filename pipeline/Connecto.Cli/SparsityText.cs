using System.Globalization;
using Connecto.Training;

namespace Connecto.Cli;

/// <summary>A network's layers with their zeros, as a table.</summary>
internal static class SparsityText
{
    public static void Write(IReadOnlyList<LayerSparsity> layers)
    {
        var all = new LayerSparsity("all", layers.Sum(l => l.Weights), layers.Sum(l => l.Zeros), layers.Sum(l => l.ZeroBlocks),
            layers.Sum(l => l.MultiplyAdds));
        Output.WriteTable([
            ["layer", "weights", "zeros %", "in blocks %", "kMAC/voxel", "without zeros", "without blocks"],
            .. layers.Select(l => Row(l, l.SparseMultiplyAdds, l.BlockMultiplyAdds)),
            Row(all, layers.Sum(l => l.SparseMultiplyAdds), layers.Sum(l => l.BlockMultiplyAdds)),
        ]);
    }

    private static string[] Row(LayerSparsity layer, double sparse, double blocks) =>
    [
        layer.Name, Text(layer.Weights, "0"), Text(100.0 * layer.Zeros / layer.Weights, "0.0"),
        Text(100.0 * layer.ZeroBlocks / layer.Weights, "0.0"), Text(layer.MultiplyAdds / 1000, "0.000"), Text(sparse / 1000, "0.000"),
        Text(blocks / 1000, "0.000"),
    ];

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
