namespace Connecto.Volumes;

/// <summary>A volume on disk, of any size, read and written by box: shape (channels, z, y, x) with a voxel
/// size.</summary>
/// <typeparam name="T">The voxel: byte, ushort, uint, ulong or float.</typeparam>
/// <remarks>A file format implements it (slices, precomputed, npy); stages see this type alone. Reading is safe from
/// several threads. Writing is safe from several threads when their boxes share no chunk.</remarks>
public abstract class ChunkedVolume<T> where T : unmanaged
{
    /// <summary>Extent of one channel, in voxels.</summary>
    public abstract Index3 Shape { get; }

    /// <summary>Number of channels.</summary>
    public abstract int Channels { get; }

    /// <summary>Edge lengths of a voxel, nm.</summary>
    public abstract VoxelSize VoxelSize { get; }

    /// <summary>The chunk that reads and writes are cheapest in.</summary>
    public abstract Index3 Chunk { get; }

    /// <summary>Reads a box, all channels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The box leaves the volume.</exception>
    /// <exception cref="InvalidDataException">A chunk is missing or corrupt; the message names its file.</exception>
    public abstract Volume<T> Read(Box box);

    /// <summary>Writes a box, all channels. Each chunk is written whole under a temporary name, then renamed.</summary>
    /// <exception cref="ArgumentException">The box leaves the volume, is not aligned to chunks, or the channels
    /// differ.</exception>
    /// <exception cref="NotSupportedException">The format is read-only.</exception>
    public abstract void Write(Box box, Volume<T> voxels);

    /// <summary>The box, where it may be read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The box leaves the volume or is inside out.</exception>
    private protected Box CheckedRead(Box box)
    {
        var inside = box.Shape is { Z: >= 0, Y: >= 0, X: >= 0 } && Index3.Min(box.Begin, default) == default
            && Index3.Max(box.End, Shape) == Shape;
        return inside ? box : throw new ArgumentOutOfRangeException(
            nameof(box), $"Box {box} leaves the volume of {Shape}.");
    }
}
