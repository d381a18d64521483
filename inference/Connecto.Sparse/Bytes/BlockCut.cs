namespace Connecto.Sparse.Bytes;

/// <summary>How a product is cut: register tile, passes over columns, tiles of inputs.</summary>
/// <param name="Shape">The register tile.</param>
/// <param name="Passes">Passes of Shape.Vectors vectors; the last may have fewer.</param>
/// <param name="TileBlocks">Blocks of inputs of a tile.</param>
internal readonly record struct BlockCut(BlockShape Shape, int Passes, int TileBlocks)
{
    /// <summary>Bytes of inputs of a tile. More than a first cache holds: sums that are stored and loaded between tiles cost
    /// more than inputs out of the second cache, 90 us against 60 us for 768 x 768 x 128 at 90 % zeros.</summary>
    private const int TileBytes = 160 << 10;

    /// <summary>Bytes of one block's inputs.</summary>
    public int BlockBytes => Shape.Vectors * 64;

    /// <summary>The cheapest cut by a model of the generated code.</summary>
    /// <param name="density">Share of blocks that are kept.</param>
    /// <param name="blocks">Blocks of a row, kept or not.</param>
    /// <param name="columns">Columns of the dense operand.</param>
    /// <param name="rows">Rows of a group; 0 to choose.</param>
    public static BlockCut Choose(double density, int blocks, int columns, int rows)
    {
        var all = (columns + 15) / 16;
        var (best, least) = (default(BlockCut), double.MaxValue);
        for (var r = rows == 0 ? 2 : rows; r <= (rows == 0 ? 4 : rows); r++)
            for (var vectors = 1; vectors <= Math.Min(all, BlockShape.MostVectors(r)); vectors++)
            {
                var passes = (all + vectors - 1) / vectors;
                var tiles = Math.Max(1, (int)Math.Ceiling(blocks * vectors * 64.0 / TileBytes));
                var time = ((passes - 1) * Time(density, blocks, r, vectors, tiles) +
                    Time(density, blocks, r, all - (passes - 1) * vectors, tiles)) / r;
                if (time >= least) continue;
                least = time;
                best = new BlockCut(
                    new BlockShape(r, vectors, 64, vectors, 0), passes, Math.Max(1, (blocks + tiles - 1) / tiles));
            }
        return best;
    }

    /// <summary>Nanoseconds of one group and pass on an Ice Lake server core: loads of inputs once a block that any row keeps
    /// and of weights, or else multiply-adds, whichever takes longer; calls and offsets a block; sums begun and stored.</summary>
    private static double Time(double density, int blocks, int rows, int vectors, int tiles)
    {
        var used = 1 - Math.Pow(1 - density, rows);
        var loads = used * vectors + rows * density;
        var block = Math.Max(loads / 3.4, rows * vectors * density / 4.8) + 0.4 * used;
        return blocks * block + 12 + 0.6 * rows * vectors * tiles;
    }
}
