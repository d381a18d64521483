namespace Connecto.Volumes;

/// <summary>An axis-parallel box of voxels, (z, y, x); begin inclusive, end exclusive.</summary>
/// <param name="Begin">The first voxel.</param>
/// <param name="End">One past the last voxel on every axis.</param>
public readonly record struct Box(Index3 Begin, Index3 End)
{
    /// <summary>The box of a whole volume of that shape.</summary>
    public static Box Of(Index3 shape) => new(default, shape);

    /// <summary>The extent; negative where the box is inside out.</summary>
    public Index3 Shape => End - Begin;

    /// <summary>True when the box holds no voxel.</summary>
    public bool IsEmpty => Begin.Z >= End.Z || Begin.Y >= End.Y || Begin.X >= End.X;

    /// <summary>The number of voxels; 0 for an empty box.</summary>
    public long Count => IsEmpty ? 0 : Shape.Count;

    /// <summary>The voxels that both boxes hold; may be empty.</summary>
    public Box Intersect(Box other) => new(Index3.Max(Begin, other.Begin), Index3.Min(End, other.End));

    /// <summary>The box grown by a margin on both sides of every axis.</summary>
    public Box Grow(Index3 margin) => new(Begin - margin, End + margin);

    /// <summary>The box moved.</summary>
    public Box Shift(Index3 by) => new(Begin + by, End + by);

    /// <summary>True when the voxel lies inside.</summary>
    public bool Contains(Index3 at) =>
        at.Z >= Begin.Z && at.Y >= Begin.Y && at.X >= Begin.X && at.Z < End.Z && at.Y < End.Y && at.X < End.X;

    /// <summary>True when every voxel of the other box lies inside.</summary>
    public bool Contains(Box other) => other.IsEmpty || Intersect(other) == other;

    /// <summary>Boxes of at most <paramref name="block"/> voxels an axis that tile this one, z slowest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A block length is not positive.</exception>
    public IEnumerable<Box> Tile(Index3 block)
    {
        if (block.Z <= 0 || block.Y <= 0 || block.X <= 0)
            throw new ArgumentOutOfRangeException(nameof(block), $"Block lengths must be positive; found {block}.");
        return Walk(this, block);

        static IEnumerable<Box> Walk(Box whole, Index3 block)
        {
            for (var z = whole.Begin.Z; z < whole.End.Z; z += block.Z)
                for (var y = whole.Begin.Y; y < whole.End.Y; y += block.Y)
                    for (var x = whole.Begin.X; x < whole.End.X; x += block.X)
                        yield return new Box(new(z, y, x), Index3.Min(new Index3(z, y, x) + block, whole.End));
        }
    }

    /// <summary>"[z,y,x - z,y,x)".</summary>
    public override string ToString() => $"[{Begin} - {End})";
}
