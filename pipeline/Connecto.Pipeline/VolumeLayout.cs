using Connecto.Volumes;

namespace Connecto.Pipeline;

/// <summary>How a run's volumes are cut: chunks on disk and blocks of work, from shape and voxel size alone.</summary>
/// <remarks>Blocks are whole chunks, so blocks can be written side by side. They depend neither on threads nor on memory:
/// the cut is part of a result where a stage works block by block.</remarks>
internal static class VolumeLayout
{
    private const double Serial = 2.5;

    /// <summary>Chunks of a quarter million voxels that are about as long in nm on every axis.</summary>
    public static Index3 Chunk(VoxelSize voxelSize) =>
        voxelSize.Anisotropy >= Serial ? new(16, 128, 128) : new(64, 64, 64);

    /// <summary>Blocks for prediction: one chunk deep, and as many whole tiles of the predictor wide as fit some thousand voxels:
    /// a tile that two blocks share is paid for twice.</summary>
    /// <param name="voxelSize">The volume's.</param>
    /// <param name="tile">Extent of a tile, voxels.</param>
    public static Index3 PredictionBlock(VoxelSize voxelSize, Index3 tile)
    {
        var (most, chunk) = (voxelSize.Anisotropy >= Serial ? new Index3(16, 2048, 2048) : new(64, 1024, 1024), Chunk(voxelSize));
        return new(most.Z, Whole(most.Y, tile.Y, chunk.Y), Whole(most.X, tile.X, chunk.X));

        static int Whole(int most, int tile, int chunk) => (Math.Max(1, most / tile) * tile + chunk - 1) / chunk * chunk;
    }

    /// <summary>Blocks for fragments.</summary>
    private static Index3 FragmentBlock(VoxelSize voxelSize) =>
        voxelSize.Anisotropy >= Serial ? new(16, 1024, 1024) : new(128, 192, 192);

    /// <summary>Blocks for fragments, z slowest: what is left at the end of an axis, if less than half a block, goes to
    /// the block before it. A block of a few sections has little to tell cells apart by.</summary>
    public static Box[] FragmentBlocks(Index3 shape, VoxelSize voxelSize)
    {
        var block = FragmentBlock(voxelSize);
        return [.. from z in Cuts(shape.Z, block.Z)
                   from y in Cuts(shape.Y, block.Y)
                   from x in Cuts(shape.X, block.X)
                   select new Box(new(z.Begin, y.Begin, x.Begin), new(z.End, y.End, x.End))];

        static IEnumerable<(int Begin, int End)> Cuts(int length, int block)
        {
            var count = Math.Max(1, (length + block / 2) / block);
            for (var i = 0; i < count; i++) yield return (i * block, i + 1 < count ? (i + 1) * block : length);
        }
    }

    /// <summary>Blocks of a volume, z slowest.</summary>
    public static Box[] Blocks(Index3 shape, Index3 block) => [.. Box.Of(shape).Tile(block)];
}
