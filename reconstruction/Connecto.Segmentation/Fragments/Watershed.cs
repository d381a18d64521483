using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Cuts affinities into fragments: pieces of one cell each, small enough that no piece spans two.</summary>
/// <remarks>
/// The idea: a voxel all of whose faces join it to its neighbours is interior. The interior's distance to the boundary
/// is cut at its necks (basins of the distance, weighed by persistence); the rest is flooded from there along the
/// strongest affinities, so every voxel gets the seed that the path of the best weakest link leads to.
/// After Beucher and Meyer 1993; the flood is the image foresting transform of Falcao et al. 2004; seeds come from the
/// distance transform as in Funke et al. 2018, but are suppressed by persistence rather than by a least distance, since
/// a tube of any length then has one seed. Given up: a line of boundary voxels between fragments (every voxel is
/// scored).
/// </remarks>
public static class Watershed
{
    /// <summary>Floods affinities from their basins; touching basins become separate fragments.</summary>
    /// <param name="affinities">Channels 0, 1, 2: probability in [0, 255] that a voxel and its lower neighbour in z, y,
    /// x are one cell. Further channels are not read; affinities that leave the volume are not read either.</param>
    /// <param name="voxelSize">nm.</param>
    /// <param name="options">Thresholds; <see cref="WatershedOptions.For"/> has the defaults.</param>
    /// <param name="fragments">Written in full, shape (z, y, x); ids 1..n without gaps, in the order of each one's
    /// first voxel section by section. 0 = background, only where the options ask for it, or where a section (or the
    /// volume) has no interior voxel at all, as a blank section has not.</param>
    /// <param name="threads">Sections flooded at once; a volume is flooded by one thread, so cut it into
    /// blocks.</param>
    /// <returns>n, the number of fragments.</returns>
    /// <exception cref="ArgumentException">Shapes differ, fewer than 3 channels, or an option is out of
    /// range.</exception>
    /// <remarks>O(V), 20 B/voxel of scratch (of one section a thread when flooding sections). Same input, same ids, on
    /// any number of threads.</remarks>
    public static int Flood(Volume<byte> affinities, VoxelSize voxelSize, WatershedOptions options,
        Volume<ulong> fragments, int threads = 1)
    {
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (affinities.Channels < 3)
            throw new ArgumentException($"Affinities have 3 channels; found {affinities.Channels}.",
                nameof(affinities));
        if (affinities.Shape != fragments.Shape || fragments.Channels != 1)
            throw new ArgumentException(
                $"Fragments have the affinities' shape {affinities.Shape}; found {fragments.Channels} x {fragments.Shape}.",
                nameof(fragments));
        if (affinities.Shape.Count == 0) return 0;
        return options.Dimensions == FloodDimensions.Section
            ? FloodSections(affinities, voxelSize, options, fragments, threads)
            : FloodVolume(affinities, voxelSize, options, fragments);
    }

    private static unsafe int FloodVolume(Volume<byte> affinities, VoxelSize voxelSize, WatershedOptions options,
        Volume<ulong> fragments)
    {
        var shape = affinities.Shape;
        using var scratch = new FloodScratch(voxelSize, options, deep: shape.Z > 1);
        var labels = new uint[shape.Count];
        int count;
        fixed (byte* z = affinities.Channel(0), y = affinities.Channel(1), x = affinities.Channel(2))
            count = scratch.Flood(new(z, y, x), shape, Box.Of(shape), labels);
        for (var i = 0; i < labels.Length; i++) fragments.Data[i] = labels[i];
        return count;
    }

    private static unsafe int FloodSections(Volume<byte> affinities, VoxelSize voxelSize, WatershedOptions options,
        Volume<ulong> fragments, int threads)
    {
        var shape = affinities.Shape;
        var section = new Index3(1, shape.Y, shape.X);
        var counts = new int[shape.Z];
        Parallel.For(0, shape.Z, new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => (Scratch: new FloodScratch(voxelSize, options, deep: false), Labels: new uint[section.Count]),
            (z, _, own) =>
            {
                fixed (byte* y = affinities.Slice(z, 1), x = affinities.Slice(z, 2))
                    counts[z] = own.Scratch.Flood(new(null, y, x), section, Box.Of(section), own.Labels);
                var to = fragments.Slice(z);
                for (var i = 0; i < to.Length; i++) to[i] = own.Labels[i];
                return own;
            }, own => own.Scratch.Dispose());

        var first = 0;
        for (var z = 0; z < shape.Z; z++)
        {
            if (first > 0)
                foreach (ref var id in fragments.Slice(z))
                    if (id != 0)
                        id += (ulong)first;
            first = checked(first + counts[z]);
        }
        return first;
    }
}
