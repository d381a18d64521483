using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Gives every unlabelled voxel the label that the path of the best weakest affinity leads to.</summary>
/// <remarks>
/// The idea: Prim's minimum spanning forest from the labelled voxels, on 256 first-in-first-out buckets. A voxel waits in
/// one bucket only, that of its cheapest face to an unlabelled voxel, and moves on when that face is spent; so the queue is
/// one link a voxel, and voxels of equal cost are reached in the order of their distance. Cousty et al. 2009 show that such
/// forests are the watersheds of the affinities. Given up: heights a voxel; a boundary of no thickness has none.
/// </remarks>
internal sealed class AffinityFlood(Index3 shape)
{
    private const int Levels = 256;
    private readonly int[] _heads = new int[Levels];
    private readonly int[] _tails = new int[Levels];

    /// <summary>Floods in place.</summary>
    /// <param name="z">Affinity with the lower neighbour in z; may be empty for one section.</param>
    /// <param name="y">The same in y.</param>
    /// <param name="x">The same in x.</param>
    /// <param name="labels">0 = to be flooded.</param>
    /// <param name="next">Scratch, one a voxel.</param>
    /// <param name="maximumCost">Faces that cost more (255 - affinity) are not crossed.</param>
    public void Run(ReadOnlySpan<byte> z, ReadOnlySpan<byte> y, ReadOnlySpan<byte> x, Span<int> labels, Span<int> next,
        int maximumCost)
    {
        Array.Fill(_heads, -1);
        for (var i = 0; i < labels.Length; i++)
            if (labels[i] != 0)
                Visit(z, y, x, labels, next, i, -1);
        for (var level = 0; level <= maximumCost; level++)
            while (_heads[level] >= 0)
            {
                var at = _heads[level];
                _heads[level] = next[at];
                Visit(z, y, x, labels, next, at, level);
            }
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
