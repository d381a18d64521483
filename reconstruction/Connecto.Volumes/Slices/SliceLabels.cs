namespace Connecto.Volumes.Slices;

/// <summary>A stack of slices seen as a read-only volume of labels.</summary>
internal sealed class SliceLabels(SliceStack stack, VoxelSize voxelSize) : ChunkedVolume<ulong>
{
    public override Index3 Shape => stack.Shape;

    public override int Channels => 1;

    public override VoxelSize VoxelSize => voxelSize;

    public override Index3 Chunk => new(1, stack.Shape.Y, stack.Shape.X);

    public override Volume<ulong> Read(Box box)
    {
        var sections = CheckedRead(box).Shape.Z;
        if (box.Shape is var (_, y, x) && y == Shape.Y && x == Shape.X) return stack.ReadLabels(box.Begin.Z, sections);
        var result = new Volume<ulong>(box.Shape);
        if (box.IsEmpty) return result;
        var part = new Box(box.Begin with { Z = 0 }, box.End with { Z = 1 });
        for (var z = 0; z < sections; z++)
            result.Paste(stack.ReadLabels(box.Begin.Z + z, 1), part, new(z, 0, 0));
        return result;
    }

    public override void Write(Box box, Volume<ulong> voxels) =>
        throw new NotSupportedException("Slices are read-only; write a precomputed volume.");
}
