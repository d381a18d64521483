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

    /// <summary>Blocks for prediction: one chunk deep, so wide that few tiles of the predictor are cut and paid for twice.</summary>
    public static Index3 PredictionBlock(VoxelSize voxelSize) =>
        voxelSize.Anisotropy >= Serial ? new(16, 2048, 2048) : new(64, 1024, 1024);

    /// <summary>Blocks for fragments.</summary>
    public static Index3 FragmentBlock(VoxelSize voxelSize) =>
        voxelSize.Anisotropy >= Serial ? new(32, 1024, 1024) : new(128, 256, 256);

    /// <summary>Blocks of a volume, z slowest.</summary>
    public static Box[] Blocks(Index3 shape, Index3 block) => [.. Box.Of(shape).Tile(block)];
}
