using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Gives every unlabelled voxel the label that the path of the best weakest affinity leads to.</summary>
/// <remarks>
/// The idea: the image foresting transform (Falcao, Stolfi and Lotufo 2004) with the dearest face as a path's cost, on 256
/// first-in-first-out buckets. A voxel waits in one bucket only, that of its cheapest face to an unlabelled voxel, and moves
/// on when that face is spent; so the queue is one link a voxel, and voxels of equal cost are reached in the order of their
/// distance. Faces, not voxels, carry the heights: a boundary may have no thickness. Given up: which of two equally cheap
/// ways a voxel goes follows the order of indices.
/// </remarks>
internal sealed class AffinityFlood(Index3 shape)
{
    private const int Levels = 256;
    private const int Refused = -1;
    private readonly int[] _heads = new int[Levels];
    private readonly int[] _tails = new int[Levels];
    private readonly List<int> _island = [];

    /// <summary>Floods in place.</summary>
    /// <param name="z">Affinity with the lower neighbour in z; may be empty for one section.</param>
    /// <param name="y">The same in y.</param>
    /// <param name="x">The same in x.</param>
    /// <param name="labels">0 = to be flooded, 1..<paramref name="count"/> = seeds.</param>
    /// <param name="next">Scratch, one a voxel.</param>
    /// <param name="count">Labels in use.</param>
    /// <param name="islands">Voxels that no seed has reached over faces of at most this cost, but that such faces hold
    /// together, become seeds: cells too thin to have an interior.</param>
    /// <param name="maximumCost">Faces that cost more (255 - affinity) are not crossed.</param>
    /// <returns>Labels in use after islands were added.</returns>
    public int Run(ReadOnlySpan<byte> z, ReadOnlySpan<byte> y, ReadOnlySpan<byte> x, Span<int> labels, Span<int> next,
        int count, Islands islands, int maximumCost)
    {
        Array.Fill(_heads, -1);
        for (var i = 0; i < labels.Length; i++)
            if (labels[i] != 0)
                Visit(z, y, x, labels, next, i, -1);
        for (var level = 0; level <= maximumCost; level++)
        {
            Drain(z, y, x, labels, next, level);
            if (level == islands.Cost) count = SeedIslands(z, y, x, labels, next, count, islands);
        }
        return count;
    }

    private void Drain(ReadOnlySpan<byte> z, ReadOnlySpan<byte> y, ReadOnlySpan<byte> x, Span<int> labels, Span<int> next, int level)
    {
        while (_heads[level] >= 0)
        {
            var at = _heads[level];
            _heads[level] = next[at];
            Visit(z, y, x, labels, next, at, level);
        }
    }

    /// <summary>Floods from each voxel that is left, at one level; what stays too small is given back.</summary>
    private int SeedIslands(ReadOnlySpan<byte> z, ReadOnlySpan<byte> y, ReadOnlySpan<byte> x, Span<int> labels, Span<int> next,
        int count, Islands islands)
    {
        var before = count;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] != 0) continue;
            _island.Clear();
            _island.Add(i);
            labels[i] = count + 1;
            for (var k = 0; k < _island.Count; k++) Spread(z, y, x, labels, _island[k], islands.Cost);
            if (_island.Count >= islands.LeastVoxels) count++;
            else foreach (var at in _island) labels[at] = Refused;
        }
        foreach (ref var label in labels)
            if (label == Refused)
                label = 0;
        for (var i = 0; i < labels.Length && count > before; i++)
            if (labels[i] > before)
                Visit(z, y, x, labels, next, i, islands.Cost);
        return count;
    }

    private void Spread(ReadOnlySpan<byte> z, ReadOnlySpan<byte> y, ReadOnlySpan<byte> x, Span<int> labels, int at, int cost)
    {
        int rowLength = shape.X, plane = shape.Y * shape.X;
        var (row, column) = Math.DivRem(at, rowLength);
        var (section, line) = Math.DivRem(row, shape.Y);
        if (column > 0) Take(labels, at, at - 1, 255 - x[at], cost);
        if (column + 1 < rowLength) Take(labels, at, at + 1, 255 - x[at + 1], cost);
        if (line > 0) Take(labels, at, at - rowLength, 255 - y[at], cost);
        if (line + 1 < shape.Y) Take(labels, at, at + rowLength, 255 - y[at + rowLength], cost);
        if (section > 0) Take(labels, at, at - plane, 255 - z[at], cost);
        if (section + 1 < shape.Z) Take(labels, at, at + plane, 255 - z[at + plane], cost);
    }

    private void Take(Span<int> labels, int at, int to, int faceCost, int cost)
    {
        if (labels[to] != 0 || faceCost > cost) return;
        labels[to] = labels[at];
        _island.Add(to);
    }

    /// <summary>Crosses the faces that cost no more than the level, and queues the voxel for the next dearer one.</summary>
    private void Visit(ReadOnlySpan<byte> z, ReadOnlySpan<byte> y, ReadOnlySpan<byte> x, Span<int> labels, Span<int> next,
        int at, int level)
    {
        int rowLength = shape.X, plane = shape.Y * shape.X;
        var row = (int)((uint)at / (uint)rowLength);
        var column = at - row * rowLength;
        var section = (int)((uint)row / (uint)shape.Y);
        row -= section * shape.Y;
        var later = Levels;
        if (column > 0) Cross(labels, next, at, at - 1, 255 - x[at], level, ref later);
        if (column + 1 < rowLength) Cross(labels, next, at, at + 1, 255 - x[at + 1], level, ref later);
        if (row > 0) Cross(labels, next, at, at - rowLength, 255 - y[at], level, ref later);
        if (row + 1 < shape.Y) Cross(labels, next, at, at + rowLength, 255 - y[at + rowLength], level, ref later);
        if (section > 0) Cross(labels, next, at, at - plane, 255 - z[at], level, ref later);
        if (section + 1 < shape.Z) Cross(labels, next, at, at + plane, 255 - z[at + plane], level, ref later);
        if (later < Levels) Push(next, at, later);
    }

    private void Cross(Span<int> labels, Span<int> next, int at, int to, int cost, int level, ref int later)
    {
        if (labels[to] != 0) return;
        if (cost > level)
        {
            later = Math.Min(later, cost);
            return;
        }
        labels[to] = labels[at];
        Push(next, to, level);
    }

    private void Push(Span<int> next, int at, int level)
    {
        next[at] = -1;
        if (_heads[level] < 0) _heads[level] = at;
        else next[_tails[level]] = at;
        _tails[level] = at;
    }
}

/// <summary>When voxels that no seed reaches become a seed.</summary>
/// <param name="Cost">Faces of at most this cost hold an island together.</param>
/// <param name="LeastVoxels">Smaller ones are given to their neighbours.</param>
internal readonly record struct Islands(int Cost, int LeastVoxels);
