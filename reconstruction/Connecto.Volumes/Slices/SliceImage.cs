namespace Connecto.Volumes.Slices;

/// <summary>A stack of slices seen as a read-only image of bytes.</summary>
internal sealed class SliceImage : ChunkedVolume<byte>
{
    private readonly SliceStack stack;
    private readonly SampleRange? range;

    private SliceImage(SliceStack stack, VoxelSize voxelSize, SampleRange? range) =>
        (this.stack, VoxelSize, this.range) = (stack, voxelSize, range);

    public override Index3 Shape => stack.Shape;

    public override int Channels => 1;

    public override VoxelSize VoxelSize { get; }

    public override Index3 Chunk => new(1, stack.Shape.Y, stack.Shape.X);

    /// <summary>Opens the view; samples wider than 8 bits are read through once for their range.</summary>
    public static SliceImage Open(SliceStack stack, VoxelSize voxelSize)
    {
        if (stack.BitsPerSample == 8) return new SliceImage(stack, voxelSize, null);
        var range = Enumerable.Range(0, stack.Shape.Z).AsParallel().Select(z =>
        {
            var samples = new uint[stack.Shape.Y * stack.Shape.X];
            stack.ReadSlice(z, samples);
            return SampleRange.Of<uint>(samples);
        }).Aggregate(SampleRange.None, (a, b) => a.Union(b));
        return new SliceImage(stack, voxelSize, range);
    }

    public override Volume<byte> Read(Box box)
    {
        var result = new Volume<byte>(CheckedRead(box).Shape);
        if (box.IsEmpty) return result;
        var part = new Box(box.Begin with { Z = 0 }, box.End with { Z = 1 });
        var slice = new Volume<byte>(new Index3(1, Shape.Y, Shape.X));
        var samples = range is null ? [] : new uint[Shape.Y * Shape.X];
        for (var z = 0; z < result.Shape.Z; z++)
        {
            if (range is null)
                stack.ReadSlice(box.Begin.Z + z, slice.Data.AsSpan());
            else
            {
                stack.ReadSlice(box.Begin.Z + z, samples);
                range.Value.Map<uint>(samples, slice.Data);
            }
            result.Paste(slice, part, new(z, 0, 0));
        }
        return result;
    }

    public override void Write(Box box, Volume<byte> voxels) =>
        throw new NotSupportedException("Slices are read-only; write a precomputed volume.");
}
