using System.Runtime.InteropServices;

namespace Connecto.Synapses;

/// <summary>The distance from every voxel of some clefts to the nearest voxel of others.</summary>
/// <remarks>
/// The nearest voxel lies in some section, at the distance across sections and, within that section, at the distance that
/// a 2D transform gives. So a section's voxels ask the sections around them, nearest first, until no farther one can be
/// nearer: the same numbers as a 3D transform of the whole volume, with some sections' transforms in memory instead of
/// all.
/// </remarks>
internal sealed class CleftDistances(CleftObjects to)
{
    /// <summary>Bytes of transforms kept at once; at least one section's.</summary>
    public long CacheBytes { get; init; } = 512 << 20;

    private readonly Dictionary<int, double[]> _transforms = [];
    private readonly Queue<int> _order = [];

    /// <summary>The distances, nm, in the order z, y, x; infinite where there is nothing to measure to.</summary>
    public double[] From(CleftObjects clefts, CancellationToken cancel)
    {
        var result = new double[clefts.Voxels];
        Array.Fill(result, double.PositiveInfinity);
        var runs = CollectionsMarshal.AsSpan(clefts.Runs);
        var done = 0;
        for (var i = 0; i < runs.Length;)
        {
            cancel.ThrowIfCancellationRequested();
            var end = EndOfSection(runs, i);
            var voxels = 0;
            foreach (var run in runs[i..end]) voxels += run.Length;
            Measure(runs[i..end], result.AsSpan(done, voxels));
            (i, done) = (end, done + voxels);
        }
        for (var i = 0; i < result.Length; i++) result[i] = Math.Sqrt(result[i]);
        return result;
    }

    private void Measure(ReadOnlySpan<CleftRun> runs, Span<double> squares)
    {
        var z = runs[0].Z;
        var farthest = double.PositiveInfinity;
        for (var step = 0; step < to.Shape.Z; step++)
        {
            var across = step * to.VoxelSize.Z;
            if (across * across >= farthest) return;
            var seen = Take(runs, squares, z - step, across * across);
            if (step > 0) seen |= Take(runs, squares, z + step, across * across);
            if (seen) farthest = Largest(squares);
        }
    }

    private bool Take(ReadOnlySpan<CleftRun> runs, Span<double> squares, int section, double across)
    {
        if (section < 0 || section >= to.Shape.Z || Transform(section) is not { } within) return false;
        var at = 0;
        foreach (var run in runs)
            foreach (var square in within.AsSpan(run.Y * to.Shape.X + run.Begin, run.Length))
            {
                squares[at] = Math.Min(squares[at], across + square);
                at++;
            }
        return true;
    }

    private static double Largest(ReadOnlySpan<double> values)
    {
        var largest = 0.0;
        foreach (var value in values) largest = Math.Max(largest, value);
        return largest;
    }

    /// <summary>A section's transform, or null where it has no cleft.</summary>
    private double[]? Transform(int section)
    {
        if (_transforms.TryGetValue(section, out var transform)) return transform;
        var runs = CollectionsMarshal.AsSpan(to.Runs);
        var begin = BeginOfSection(runs, section);
        if (begin == runs.Length || runs[begin].Z != section) return null;
        transform = SectionDistance.Squares(
            runs[begin..EndOfSection(runs, begin)], to.Shape.Y, to.Shape.X, to.VoxelSize.Y, to.VoxelSize.X);
        while (_order.Count > 0 && (_order.Count + 1L) * transform.Length * sizeof(double) > CacheBytes)
            _transforms.Remove(_order.Dequeue());
        _order.Enqueue(section);
        return _transforms[section] = transform;
    }

    private static int BeginOfSection(ReadOnlySpan<CleftRun> runs, int section)
    {
        var (low, high) = (0, runs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (runs[middle].Z < section) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    private static int EndOfSection(ReadOnlySpan<CleftRun> runs, int begin)
    {
        var end = begin;
        while (end < runs.Length && runs[end].Z == runs[begin].Z) end++;
        return end;
    }
}
