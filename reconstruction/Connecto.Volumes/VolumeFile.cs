using Connecto.Volumes.Npy;
using Connecto.Volumes.Precomputed;
using Connecto.Volumes.Slices;

namespace Connecto.Volumes;

/// <summary>Opens whatever a path holds as a volume: a Neuroglancer precomputed folder, an .npy file, a folder of
/// slices, a TIFF of many pages.</summary>
/// <remarks>The volumes are read-only views of the files and safe to read from several threads. Slices are decoded
/// whole for every box that touches them, so read them by slabs of sections.</remarks>
public static class VolumeFile
{
    /// <summary>The voxel size that the file or its sidecar states; null where neither does.</summary>
    /// <exception cref="InvalidDataException">The path holds no volume.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    public static VoxelSize? FindVoxelSize(string path) =>
        IsPrecomputed(path) ? PrecomputedInfo.Read(path).Scales[0].VoxelSize : VolumeDescription.Find(path)?.VoxelSize;

    /// <summary>Opens labels: whole numbers of any width, widened.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="voxelSize">Overrides what the file states; where neither is known, cubes of 1 nm stand in.</param>
    /// <exception cref="InvalidDataException">The path holds no volume, or voxels that are no labels (float, several
    /// channels).</exception>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    public static ChunkedVolume<ulong> OpenLabels(string path, VoxelSize? voxelSize = null)
    {
        var size = voxelSize ?? FindVoxelSize(path) ?? new VoxelSize(1, 1, 1);
        var labels = IsPrecomputed(path) ? OpenPrecomputedLabels(path, size)
            : IsNpy(path) ? NpyVolume.OpenLabels(path, size)
            : new SliceLabels(SliceStack.Open(path), size);
        return labels.Channels == 1
            ? labels
            : throw new InvalidDataException(
                $"{path} has {labels.Channels} channels; labels have one. Nothing was written.");
    }

    /// <summary>Opens an image of 8 bits. Wider samples are mapped linearly, the least of the whole volume to 0 and the
    /// greatest to 255, rounded to the nearest.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="voxelSize">Overrides what the file states; where neither is known, cubes of 1 nm stand in.</param>
    /// <exception cref="InvalidDataException">The path holds no volume, or voxels that are no image of 8, 16 or 32
    /// whole bits.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    /// <remarks>Wider samples are read through once here to find their range, on all cores.</remarks>
    public static ChunkedVolume<byte> OpenImage(string path, VoxelSize? voxelSize = null)
    {
        var size = voxelSize ?? FindVoxelSize(path) ?? new VoxelSize(1, 1, 1);
        if (IsPrecomputed(path)) return OpenPrecomputedImage(path, size);
        if (IsNpy(path)) return NpyVolume.OpenImage(path, size);
        return SliceImage.Open(SliceStack.Open(path), size);
    }

    private static ChunkedVolume<ulong> OpenPrecomputedLabels(string path, VoxelSize size) =>
        PrecomputedInfo.Read(path).DataType switch
    {
        "uint64" => new ConvertedVolume<ulong, ulong>(PrecomputedVolume<ulong>.Open(path), size, static (a, b) => a.CopyTo(b)),
        "uint32" => new ConvertedVolume<uint, ulong>(PrecomputedVolume<uint>.Open(path), size, Widen.ToLabels),
        "uint16" => new ConvertedVolume<ushort, ulong>(PrecomputedVolume<ushort>.Open(path), size, Widen.ToLabels),
        "uint8" => new ConvertedVolume<byte, ulong>(PrecomputedVolume<byte>.Open(path), size, Widen.ToLabels),
        var other => throw new InvalidDataException(
            $"{path} holds voxels of {other}; labels are whole numbers. Nothing was written."),
    };

    private static ChunkedVolume<byte> OpenPrecomputedImage(string path, VoxelSize size) =>
        PrecomputedInfo.Read(path).DataType switch
    {
        "uint8" => new ConvertedVolume<byte, byte>(PrecomputedVolume<byte>.Open(path), size, static (a, b) => a.CopyTo(b)),
        "uint16" => SampleRange.Narrow(PrecomputedVolume<ushort>.Open(path), size),
        "uint32" => SampleRange.Narrow(PrecomputedVolume<uint>.Open(path), size),
        var other => throw new InvalidDataException(
            $"{path} holds voxels of {other}; an image of 8, 16 or 32 whole bits was expected. Nothing was written."),
    };

    private static bool IsPrecomputed(string path) => File.Exists(PrecomputedInfo.PathOf(path));

    private static bool IsNpy(string path) =>
        Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase);
}
