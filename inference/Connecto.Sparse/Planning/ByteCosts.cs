using Connecto.Sparse.Bytes;

namespace Connecto.Sparse.Planning;

/// <summary>What products of bytes cost.</summary>
internal static class ByteCosts
{
    /// <summary>Rows use columns at random, so gathering columns that rows share into blocks of four spares only so
    /// many.</summary>
    private const double GatheredShare = 0.92;

    /// <summary>Blocks of four neighbouring weights.</summary>
    public static KernelCost Blocks(LayerShape layer, MachineProfile machine, int threads) =>
        Generated(layer, machine, layer.BlockDensity);

    /// <summary>Weights strewn anywhere, gathered into blocks.</summary>
    public static KernelCost Gathered(LayerShape layer, MachineProfile machine, int threads) =>
        Generated(layer, machine, GatheredDensity(layer));

    /// <summary>The compiled twins.</summary>
    public static KernelCost Compiled(LayerShape layer, MachineProfile machine, int threads)
    {
        var vectors = Math.Ceiling((double)layer.Columns / machine.Lanes);
        var blocks = GatheredDensity(layer) * layer.Rows * Math.Ceiling(layer.Depth / 4.0);
        // Bytes are split into even and odd ones, and pairs of products summed: nine operations for a dot product.
        return Interleave(new KernelCost { Blocking = "groups of rows" }, layer, machine)
            .With("multiply-adds", blocks * (vectors * 9 / machine.MultiplyAddsPerNs + 1.2))
            .With("results", layer.Rows * vectors * machine.Lanes * 0.08);
    }

    /// <summary>Share of blocks that are left; where the matrix is made of blocks, they are.</summary>
    private static double GatheredDensity(LayerShape layer) =>
        Math.Min(layer.BlockDensity, GatheredShare * (1 - Math.Pow(1 - layer.Density, 4)));

    private static KernelCost Generated(LayerShape layer, MachineProfile machine, double density)
    {
        var blocks = (int)Math.Ceiling(layer.Depth / 4.0);
        var cut = BlockCut.Choose(density, blocks, layer.Columns, 0);
        var (rows, vectors) = (cut.Shape.Rows, cut.Shape.Vectors);
        var kept = density * layer.Rows * blocks;
        var groups = Math.Ceiling((double)layer.Rows / rows);
        var used = groups * blocks * (1 - Math.Pow(1 - density, rows));
        var tiles = Math.Ceiling((double)blocks / cut.TileBlocks);
        var sums = groups * rows * vectors * 2 * tiles;
        var cost = new KernelCost
        {
            Blocking = $"{rows} rows x {vectors * 16} columns",
            CodeBytes = 16_000 + used * 3,
        };
        return Interleave(cost, layer, machine)
            // Threaded code: calls and the loads in between leave 40 % of the peak.
            .With("multiply-adds", cut.Passes * kept * vectors / 0.4 / machine.ByteDotsPerNs)
            .With("loads", cut.Passes * (used * (vectors + 1.5) + kept + sums) / machine.LoadsPerNs)
            .With("results", layer.Rows * cut.Passes * vectors * 16 * 0.06);
    }

    private static KernelCost Interleave(KernelCost cost, LayerShape layer, MachineProfile machine) =>
        cost.With("packing", layer.Depth * (double)layer.Columns * 0.04).Then();
}
