using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>A volume in memory, seen as one on disk.</summary>
internal sealed class MemoryVolume<T>(Volume<T> voxels, Index3 chunk) : ChunkedVolume<T> where T : unmanaged
{
    public override Index3 Shape => voxels.Shape;
    public override int Channels => voxels.Channels;
    public override VoxelSize VoxelSize => new(1, 1, 1);
    public override Index3 Chunk => chunk;
    public override Volume<T> Read(Box box) => voxels.Crop(box);
    public override void Write(Box box, Volume<T> from) => voxels.Paste(from, Box.Of(box.Shape), box.Begin);
}
