using Connecto.Volumes;
using Connecto.Volumes.Precomputed;

namespace Connecto.Pipeline;

/// <summary>How stages make and open the volumes of a run.</summary>
internal static class RunVolumes
{
    /// <summary>The voxel size that the settings were completed with.</summary>
    public static VoxelSize VoxelSizeOf(RunSettings settings) =>
        VoxelSize.TryParse(settings.VoxelSize, out var size) ? size.Value
            : throw new InvalidDataException($"The voxel size '{settings.VoxelSize}' is not z,y,x in nm; nothing was changed.");

    /// <summary>Opens what an earlier sitting of the same stage began, or creates it.</summary>
    public static PrecomputedVolume<T> CreateOrOpen<T>(string directory, PrecomputedOptions options) where T : unmanaged =>
        File.Exists(Path.Combine(directory, "info"))
            ? PrecomputedVolume<T>.Open(directory, packing: options.Packing)
            : PrecomputedVolume<T>.Create(directory, options);

    /// <summary>Adds the coarser scales that viewers show first.</summary>
    public static void BuildPyramid(StageContext context, string directory, PrecomputedPacking packing) =>
        Pyramid.Build(directory, new PyramidOptions { Threads = context.Threads, Packing = packing }, cancellation: context.Cancellation);

    /// <summary>Voxels of the run's volume.</summary>
    public static long VoxelsOf(RunDirectory run) => PrecomputedVolume<ulong>.Open(run.Segmentation).Shape.Count;
}
