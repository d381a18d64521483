using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Cuts the interior at its necks: basins of the distance to the boundary, joined unless the neck between them
/// is deep.</summary>
/// <remarks>
/// The idea: every voxel points to its deepest neighbour, and the ends of these ways are peaks. Pairs of basins that
/// touch, highest meeting level first, are joined unless the lower peak stands out: its persistence (peak minus level)
/// reaches the depth, and the neck is narrow against it. This is the h-maxima transform (Vincent 1993), by union-find
/// over basins, not voxels, so memory is walked in order. Given up: diagonal neighbours; their maxima are shallow.
/// </remarks>
internal sealed class SeedBasins(Index3 shape, double depth, double neckRatio)
{
    private readonly int[] _counts = new int[65537];
    private readonly List<int> _peaks = [], _parents = [];
    private long[] _meetings = [];

    /// <summary>Labels the voxels of level above 0.</summary>
    /// <param name="levels">Distance to the boundary; 0 = boundary.</param>
    /// <param name="labels">Written: 0 = boundary, else 1..n.</param>
    /// <returns>n.</returns>
    public int Find(ReadOnlySpan<ushort> levels, Span<int> labels)
    {
        Climb(levels, labels);
        NumberPeaks(levels, labels);
        JoinShallow(levels, labels);
        var names = new int[_parents.Count];
        var count = 0;
        for (var i = 1; i < names.Length; i++)
            if (_parents[i] == i)
                names[i] = ++count;
        for (var i = 1; i < names.Length; i++) names[i] = names[Root(i)];
        foreach (ref var label in labels) label = names[label];
        return count;
    }

    /// <summary>Each interior voxel to its deepest neighbour; among equals to one before it, or to itself.</summary>
    private void Climb(ReadOnlySpan<ushort> levels, Span<int> to)
    {
        int rowLength = shape.X, plane = shape.Y * shape.X;
        for (var row = 0; row < shape.Z * shape.Y; row++)
        {
            var (z, y) = Math.DivRem(row, shape.Y);
            bool hasBelow = z > 0, hasAbove = z + 1 < shape.Z, hasBefore = y > 0, hasAfter = y + 1 < shape.Y;
            for (int x = 0, at = row * rowLength; x < rowLength; x++, at++)
            {
                int level = levels[at], best = at;
                if (level == 0) { to[at] = -1; continue; }
                // Lower indices may be as deep, higher ones must be deeper: no circle.
                if (hasBelow && levels[at - plane] >= level) (best, level) = (at - plane, levels[at - plane]);
                if (hasBefore && levels[at - rowLength] > level - (best == at ? 1 : 0))
                    (best, level) = (at - rowLength, levels[at - rowLength]);
                if (x > 0 && levels[at - 1] > level - (best == at ? 1 : 0)) (best, level) = (at - 1, levels[at - 1]);
                if (x + 1 < rowLength && levels[at + 1] > level) (best, level) = (at + 1, levels[at + 1]);
                if (hasAfter && levels[at + rowLength] > level)
                    (best, level) = (at + rowLength, levels[at + rowLength]);
                if (hasAbove && levels[at + plane] > level) best = at + plane;
                to[at] = best;
            }
        }
    }

    /// <summary>Follows every way to its end, and replaces it by the number of the end, from 1; 0 = boundary.</summary>
    /// <remarks>Numbers are written as ~number while ways are still followed: -1 is the boundary's 0.</remarks>
    private void NumberPeaks(ReadOnlySpan<ushort> levels, Span<int> labels)
    {
        _peaks.Clear();
        _parents.Clear();
        _peaks.Add(0);
        _parents.Add(0);
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] < 0) continue;
            var end = i;
            while (labels[end] >= 0 && labels[end] != end) end = labels[end];
            if (labels[end] == end)
            {
                labels[end] = ~_peaks.Count;
                _parents.Add(_peaks.Count);
                _peaks.Add(levels[end]);
            }
            var number = labels[end];
            for (var at = i; labels[at] >= 0;) (at, labels[at]) = (labels[at], number);
        }
        foreach (ref var label in labels) label = ~label;
    }

    private void JoinShallow(ReadOnlySpan<ushort> levels, ReadOnlySpan<int> labels)
    {
        var meetings = Meetings(levels, labels);
        Span<int> strides = [1, shape.X, shape.Y * shape.X];
        for (var i = 0; i < meetings; i++)
        {
            var (at, axis) = ((int)(_meetings[i] >> 2), (int)(_meetings[i] & 3));
            var other = at - strides[axis];
            int a = Root(labels[at]), b = Root(labels[other]);
            if (a == b) continue;
            var (low, high) = _peaks[a] < _peaks[b] || (_peaks[a] == _peaks[b] && a > b) ? (a, b) : (b, a);
            int level = Math.Min(levels[at], levels[other]), peak = _peaks[low];
            if (peak - level < depth || level >= neckRatio * peak) _parents[low] = high;
        }
    }

    /// <summary>Faces between two basins, the highest first: voxel * 4 + axis of its lower neighbour (0 = x).</summary>
    private int Meetings(ReadOnlySpan<ushort> levels, ReadOnlySpan<int> labels)
    {
        Array.Clear(_counts);
        var total = 0;
        for (var pass = 0; pass < 2; pass++)
        {
            int rowLength = shape.X, plane = shape.Y * shape.X;
            for (var row = 0; row < shape.Z * shape.Y; row++)
            {
                bool hasBelow = row >= shape.Y, hasBefore = row % shape.Y > 0;
                for (int x = 0, at = row * rowLength; x < rowLength; x++, at++)
                {
                    var label = labels[at];
                    if (label == 0) continue;
                    if (x > 0 && labels[at - 1] is var b && b != label && b != 0) Meet(levels, at, at - 1, 0, pass);
                    if (hasBefore && labels[at - rowLength] is var c && c != label && c != 0)
                        Meet(levels, at, at - rowLength, 1, pass);
                    if (hasBelow && labels[at - plane] is var d && d != label && d != 0)
                        Meet(levels, at, at - plane, 2, pass);
                }
            }
            if (pass > 0) break;
            for (var level = 65535; level >= 0; level--) (_counts[level], total) = (total, total + _counts[level]);
            if (_meetings.Length < total) _meetings = new long[total + total / 4];
        }
        return total;
    }

    private void Meet(ReadOnlySpan<ushort> levels, int at, int other, int axis, int pass)
    {
        var level = Math.Min(levels[at], levels[other]);
        if (pass == 0) _counts[level]++;
        else _meetings[_counts[level]++] = (long)at * 4 + axis;
    }

    private int Root(int at)
    {
        while (_parents[at] != at) at = _parents[at] = _parents[_parents[at]];
        return at;
    }
}
