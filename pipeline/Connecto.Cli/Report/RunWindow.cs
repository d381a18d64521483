using Connecto.Pipeline;
using Connecto.Volumes;
using Connecto.Volumes.Precomputed;

namespace Connecto.Cli.Report;

/// <summary>The part of a run's volumes that pictures show: the middle, small enough to read at once.</summary>
/// <param name="Box">Where it lies.</param>
/// <param name="VoxelSize">nm.</param>
internal sealed record RunWindow(Box Box, VoxelSize VoxelSize)
{
    private const int Sections = 64, Pixels = 1024;

    /// <summary>The middle of a run's image: at most 64 sections of 1024 x 1024 voxels.</summary>
    public static RunWindow Of(RunDirectory run)
    {
        var image = PrecomputedVolume<byte>.Open(run.Image);
        var shape = image.Shape;
        var size = new Index3(Math.Min(shape.Z, Sections), Math.Min(shape.Y, Pixels), Math.Min(shape.X, Pixels));
        var begin = new Index3((shape.Z - size.Z) / 2, (shape.Y - size.Y) / 2, (shape.X - size.X) / 2);
        return new(new Box(begin, begin + size), image.VoxelSize);
    }

    /// <summary>The section that pictures show, counted inside the window.</summary>
    public int Middle => Box.Shape.Z / 2;

    /// <summary>The window's voxels of one of the run's volumes.</summary>
    public Volume<T> Read<T>(string directory) where T : unmanaged => PrecomputedVolume<T>.Open(directory).Read(Box);
}
