using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Cuts blocks into fragments, one after another, with memory that is kept between them.</summary>
/// <remarks>A fragment is labelled within its block alone: what the halo adds is the distance to boundaries beyond the
/// block, so that a cell at the block's face is not taken for thinner or thicker than it is. One thread's; not safe to
/// share.</remarks>
public sealed class BlockFlood : IDisposable
{
    private readonly FloodScratch _scratch;
    private readonly FloodDimensions _dimensions;

    /// <summary>Makes one.</summary>
    /// <param name="voxelSize">nm.</param>
    /// <param name="options">Thresholds.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public BlockFlood(VoxelSize voxelSize, WatershedOptions options)
    {
        options.Validate();
        _dimensions = options.Dimensions;
        _scratch = new FloodScratch(voxelSize, options, deep: _dimensions == FloodDimensions.Volume);
    }

    /// <summary>Labels a block.</summary>
    /// <param name="affinities">Of the block and its halo; see <see cref="Watershed.Flood"/>.</param>
    /// <param name="core">The block, in the frame of <paramref name="affinities"/>.</param>
    /// <param name="labels">Written in full: 1..n in the order of first voxels, every one 6-connected; 0 =
    /// background.</param>
    /// <returns>n.</returns>
    /// <exception cref="ArgumentException">The core leaves the affinities, or shapes do not fit.</exception>
    public unsafe int Label(Volume<byte> affinities, Box core, Volume<uint> labels)
    {
        if (affinities.Channels < 3 || !Box.Of(affinities.Shape).Contains(core) || labels.Shape != core.Shape)
            throw new ArgumentException(
                $"Affinities {affinities.Channels} x {affinities.Shape} do not cover {core}, or labels {labels.Shape} do not.");
        if (core.IsEmpty) return 0;
        fixed (byte* z = affinities.Channel(0), y = affinities.Channel(1), x = affinities.Channel(2))
        {
            if (_dimensions == FloodDimensions.Volume)
                return _scratch.Flood(new(z, y, x), affinities.Shape, core, labels.Data);
            var section = affinities.Shape with { Z = 1 };
            var (plane, first) = ((long)section.Y * section.X, 0);
            for (var k = 0; k < core.Shape.Z; k++)
            {
                var at = (core.Begin.Z + k) * plane;
                var own = new Box(core.Begin with { Z = 0 }, core.End with { Z = 1 });
                var to = labels.Slice(k);
                var count = _scratch.Flood(new(null, y + at, x + at), section, own, to);
                if (first > 0)
                    foreach (ref var label in to)
                        if (label != 0)
                            label += (uint)first;
                first = checked(first + count);
            }
            return first;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();
}
