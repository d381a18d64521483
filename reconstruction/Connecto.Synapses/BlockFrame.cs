using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>Where a block lies, and how its voxels are numbered in the block and in the volume.</summary>
internal readonly record struct BlockFrame(Box Read, Box Core, Index3 Volume, int Block)
{
    /// <summary>A voxel's index in the arrays that were read.</summary>
    public int Local(Index3 at) =>
        ((at.Z - Read.Begin.Z) * Read.Shape.Y + (at.Y - Read.Begin.Y)) * Read.Shape.X + (at.X - Read.Begin.X);

    /// <summary>A voxel's index in the whole volume.</summary>
    public long Global(Index3 at) => ((long)at.Z * Volume.Y + at.Y) * Volume.X + at.X;

    /// <summary>The voxel of a whole-volume index.</summary>
    public static Index3 At(long global, Index3 volume)
    {
        var (row, x) = Math.DivRem(global, volume.X);
        var (z, y) = Math.DivRem(row, volume.Y);
        return new((int)z, (int)y, (int)x);
    }

    /// <summary>True when the voxel touches a voxel of the volume outside the block.</summary>
    public bool OnSkin(Index3 at)
    {
        var inner = new Box(Core.Begin + new Index3(Core.Begin.Z > 0 ? 1 : 0, Core.Begin.Y > 0 ? 1 : 0,
            Core.Begin.X > 0 ? 1 : 0),
            Core.End - new Index3(Core.End.Z < Volume.Z ? 1 : 0, Core.End.Y < Volume.Y ? 1 : 0,
                Core.End.X < Volume.X ? 1 : 0));
        return !inner.Contains(at);
    }
}
