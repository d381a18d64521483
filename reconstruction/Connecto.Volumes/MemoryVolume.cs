namespace Connecto.Volumes;

/// <summary>A volume in memory seen as one that is read and written by box.</summary>
/// <typeparam name="T">The voxel.</typeparam>
/// <param name="voxels">Kept, not copied; writes change it.</param>
/// <param name="voxelSize">Edge lengths of a voxel.</param>
public sealed class MemoryVolume<T>(Volume<T> voxels, VoxelSize voxelSize) : ChunkedVolume<T> where T : unmanaged
{
    /// <inheritdoc/>
    public override Index3 Shape => voxels.Shape;

    /// <inheritdoc/>
    public override int Channels => voxels.Channels;

    /// <inheritdoc/>
    public override VoxelSize VoxelSize => voxelSize;

    /// <summary>One section: any box costs its own voxels only.</summary>
    public override Index3 Chunk => new(1, Math.Max(1, Shape.Y), Math.Max(1, Shape.X));

    /// <inheritdoc/>
    public override Volume<T> Read(Box box) => voxels.Crop(CheckedRead(box));

    /// <summary>Writes a box, all channels; it need not be aligned.</summary>
    /// <exception cref="ArgumentException">The box leaves the volume, or shapes or channels differ.</exception>
    public override void Write(Box box, Volume<T> from)
    {
        if (from.Shape != box.Shape)
            throw new ArgumentException($"Box {box} and voxels of {from.Shape} differ in shape.", nameof(from));
        voxels.Paste(from, Box.Of(from.Shape), box.Begin);
    }
}
