using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Cuts the interior at its necks: basins of the distance to the boundary, joined unless the neck between them
/// is deep.</summary>
/// <remarks>
/// The idea: take voxels from the deepest inside outward and join each to its steepest neighbour's basin. Where two basins
/// meet, the lower peak either stands (its persistence, peak minus meeting level, reaches the depth) or is joined to the
/// higher one. This is the h-maxima transform (Vincent 1993) and its basins in one union-find pass
/// (Najman and Couprie 2006 build the whole component tree so). Given up: diagonal neighbours; their maxima are shallow.
/// </remarks>
internal sealed class SeedBasins(Index3 shape, double depth, double neckRatio)
{
    private readonly int[] _counts = new int[65536];

    /// <summary>Labels the voxels of level above 0.</summary>
    /// <param name="levels">Distance to the boundary; 0 = boundary.</param>
    /// <param name="order">Scratch, one a voxel.</param>
    /// <param name="labels">Written: 0 = boundary, else 1..n by the order of each basin's first voxel.</param>
    /// <returns>n.</returns>
    public int Find(ReadOnlySpan<ushort> levels, Span<int> order, Span<int> labels)
    {
        var interior = Sort(levels, order);
        labels.Fill(-1);
        Span<int> neighbours = stackalloc int[6];
        Span<int> roots = stackalloc int[6];
        int rowLength = shape.X, plane = shape.Y * shape.X;
        for (var k = 0; k < interior; k++)
        {
            var at = order[k];
            var (row, x) = Math.DivRem(at, rowLength);
            var (z, y) = Math.DivRem(row, shape.Y);
            var count = 0;
            if (z > 0) neighbours[count++] = at - plane;
            if (y > 0) neighbours[count++] = at - rowLength;
            if (x > 0) neighbours[count++] = at - 1;
            if (x + 1 < rowLength) neighbours[count++] = at + 1;
            if (y + 1 < shape.Y) neighbours[count++] = at + rowLength;
            if (z + 1 < shape.Z) neighbours[count++] = at + plane;

            int found = 0, basin = -1, steepest = -1;
            for (var i = 0; i < count; i++)
            {
                var neighbour = neighbours[i];
                if (labels[neighbour] < 0) continue;
                var root = Root(labels, neighbour);
                if (levels[neighbour] > steepest) (steepest, basin) = (levels[neighbour], root);
                var known = false;
                for (var j = 0; j < found; j++) known |= roots[j] == root;
                if (!known) roots[found++] = root;
            }
            if (found == 0) { labels[at] = at; continue; }
            labels[at] = basin;
            for (var j = 0; j < found && found > 1; j++)
                basin = Meet(levels, labels, basin, roots[j], levels[at]);
        }
        return Number(labels);
    }

    /// <summary>Counting sort of the interior, deepest first, then by index.</summary>
    private int Sort(ReadOnlySpan<ushort> levels, Span<int> order)
    {
        Array.Clear(_counts);
        foreach (var level in levels) _counts[level]++;
        var first = 0;
        for (var level = 65535; level > 0; level--) (_counts[level], first) = (first, first + _counts[level]);
        for (var i = 0; i < levels.Length; i++)
            if (levels[i] > 0)
                order[_counts[levels[i]]++] = i;
        return first;
    }

    /// <summary>Joins two basins that meet at a level, if the neck is shallow; returns the basin that the first now is.</summary>
    private int Meet(ReadOnlySpan<ushort> levels, Span<int> labels, int a, int b, int level)
    {
        if (a == b) return a;
        var (low, high) = levels[a] < levels[b] || (levels[a] == levels[b] && a > b) ? (a, b) : (b, a);
        if (levels[low] - level >= depth && level < neckRatio * levels[low]) return a;
        labels[low] = high;
        return high;
    }

    private static int Root(Span<int> parents, int at)
    {
        while (parents[at] != at)
        {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }

    private static int Number(Span<int> labels)
    {
        // Two sweeps: every voxel to its root, then every root to its number by first appearance. A root's own entry holds
        // the number as ~number (negative), so that it is told apart from a root's index; -1 = ~0 stays boundary.
        for (var i = 0; i < labels.Length; i++)
            if (labels[i] >= 0)
                labels[i] = Root(labels, i);
        var count = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var root = labels[i];
            if (root < 0) continue;
            if (labels[root] >= 0) labels[root] = ~++count;
            if (root != i) labels[i] = labels[root];
        }
        for (var i = 0; i < labels.Length; i++) labels[i] = ~labels[i];
        return count;
    }
}
