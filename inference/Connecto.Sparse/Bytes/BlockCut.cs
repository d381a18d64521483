namespace Connecto.Sparse.Bytes;

/// <summary>How a product is cut: register tile, passes over columns, tiles of inputs.</summary>
/// <param name="Shape">The register tile.</param>
/// <param name="Passes">Passes of Shape.Vectors vectors; the last may have fewer.</param>
/// <param name="TileBlocks">Blocks of inputs of a tile.</param>
internal readonly record struct BlockCut(BlockShape Shape, int Passes, int TileBlocks)
{
    /// <summary>Bytes of inputs that a tile may have, so that they stay in a first cache of 32 KB or more beside weights and sums.</summary>
    private static readonly int TileBytes = int.Parse(Environment.GetEnvironmentVariable("XT") ?? "112") << 10;

    /// <summary>Bytes of one block's inputs.</summary>
    public int BlockBytes => Shape.Vectors * 64;

    /// <summary>The cheapest cut.</summary>
    /// <param name="density">Share of blocks that are kept.</param>
    /// <param name="blocks">Blocks of a row, kept or not.</param>
    /// <param name="columns">Columns of the dense operand.</param>
    /// <param name="rows">Rows of a group; 0 to choose.</param>
    /// <remarks>A vector of columns costs a multiply-add a block kept, and the loads that are left: inputs once a block that
    /// any row of the group keeps, weights and offsets once a pass. Rates as <see cref="BlockShape"/> tells them.</remarks>
    public static BlockCut Choose(double density, int blocks, int columns, int rows)
    {
        var all = (columns + 15) / 16;
        var (best, least) = (default(BlockCut), double.MaxValue);
        for (var r = rows == 0 ? 2 : rows; r <= (rows == 0 ? 4 : rows); r++)
        {
            var passes = (all + BlockShape.MostVectors(r) - 1) / BlockShape.MostVectors(r);
            for (var more = passes; more <= passes + 2 && more <= all; more++)
            {
                var vectors = (all + more - 1) / more;
                var used = 1 - Math.Pow(1 - density, r);
                var tiles = Math.Max(1, (int)Math.Ceiling(blocks * vectors * 64.0 / TileBytes));
                var loads = used * (vectors + 0.5) + r * density;
                var sums = r * vectors * 2.0 * tiles / Math.Max(1, blocks); // kept, started and stored
                var time = (Math.Max(loads / 3.6, r * vectors * density / 5.0) + sums / 3.6) / r * all / vectors;
                time *= (double)((all + vectors - 1) / vectors) * vectors / all; // the last pass is hardly cheaper
                if (time >= least) continue;
                least = time;
                best = new BlockCut(new BlockShape(r, vectors, 64, vectors, 0), (all + vectors - 1) / vectors, Math.Max(1, (blocks + tiles - 1) / tiles));
            }
        }
        if (Environment.GetEnvironmentVariable("XRV") is { } rv)
        {
            var (R, V) = (rv[0] - '0', rv[1] - '0');
            var ps = (all + V - 1) / V;
            var ti = Math.Max(1, (int)Math.Ceiling(blocks * V * 64.0 / TileBytes));
            return new BlockCut(new BlockShape(R, V, 64, V, 0), ps, (blocks + ti - 1) / ti);
        }
        return best;
    }
}
