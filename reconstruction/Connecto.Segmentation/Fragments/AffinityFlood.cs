using System.Runtime.CompilerServices;
using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Gives every unlabelled voxel the label that the path of the best weakest affinity leads to.</summary>
/// <remarks>
/// The idea: the image foresting transform (Falcao, Stolfi and Lotufo 2004) with the dearest face as a path's cost, on
/// 256 first-in-first-out buckets. A voxel waits in one bucket only, that of its cheapest face to an unlabelled voxel,
/// and moves on when that face is spent; so the queue is one link a voxel, and voxels of equal cost are reached in the
/// order of their distance. Faces, not voxels, carry the heights: a boundary may have no thickness. Given up: which of
/// two equally cheap ways a voxel goes follows the order of indices.
/// </remarks>
internal sealed unsafe class AffinityFlood(Index3 shape)
{
    private const int Levels = 256;
    private const int Refused = -1;
    private readonly int[] _heads = new int[Levels], _tails = new int[Levels];
    private readonly List<int> _island = [];
    private readonly int _row = shape.X, _plane = shape.Y * shape.X;

    private byte* _faces;
    private int* _labels, _next;

    /// <summary>Floods in place.</summary>
    /// <param name="faces">Four bytes a voxel: what it costs (255 - affinity) to cross to the lower neighbour in x, y,
    /// z, and the neighbours that there are; see <see cref="FaceCosts"/>.</param>
    /// <param name="labels">0 = to be flooded, 1..<paramref name="count"/> = seeds.</param>
    /// <param name="next">Scratch, one a voxel.</param>
    /// <param name="count">Labels in use.</param>
    /// <param name="islands">Voxels that no seed has reached over faces of at most this cost, but that such faces hold
    /// together, become seeds: cells too thin to have an interior.</param>
    /// <param name="maximumCost">Faces that cost more are not crossed.</param>
    /// <returns>Labels in use after islands were added.</returns>
    public int Run(ReadOnlySpan<uint> faces, Span<int> labels, Span<int> next, int count, Islands islands,
        int maximumCost)
    {
        fixed (uint* f = faces)
        fixed (int* l = labels, n = next)
        {
            _faces = (byte*)f;
            _labels = l;
            _next = n;
            Array.Fill(_heads, -1);
            for (var i = 0; i < labels.Length; i++)
                if (l[i] == 0)
                    QueueNeighbours(i);
            for (var level = 0; level <= maximumCost; level++)
            {
                for (int at; (at = _heads[level]) >= 0;)
                {
                    _heads[level] = n[at];
                    Visit(at, level);
                }
                if (level == islands.Cost) count = SeedIslands(labels.Length, count, islands);
            }
            _faces = null;
            _labels = _next = null;
            return count;
        }
    }

    /// <summary>Puts the labelled neighbours of an unlabelled voxel into their buckets, once each.</summary>
    /// <remarks>Most labelled voxels have labelled neighbours only; they are never looked at.</remarks>
    private void QueueNeighbours(int at)
    {
        int flags = _faces[4L * at + 3];
        if ((flags & FaceCosts.LowerX) != 0) QueueFirst(at - 1, at);
        if ((flags & FaceCosts.UpperX) != 0) QueueFirst(at + 1, at);
        if ((flags & FaceCosts.LowerY) != 0) QueueFirst(at - _row, at);
        if ((flags & FaceCosts.UpperY) != 0) QueueFirst(at + _row, at);
        if ((flags & FaceCosts.LowerZ) != 0) QueueFirst(at - _plane, at);
        if ((flags & FaceCosts.UpperZ) != 0) QueueFirst(at + _plane, at);
    }

    /// <summary>Queues a labelled voxel when the unlabelled one is the first of its unlabelled neighbours.</summary>
    private void QueueFirst(int labelled, int unlabelled)
    {
        if (_labels[labelled] == 0) return;
        int flags = _faces[4L * labelled + 3];
        var first =
            (flags & FaceCosts.LowerZ) != 0 && _labels[labelled - _plane] == 0 ? labelled - _plane
            : (flags & FaceCosts.LowerY) != 0 && _labels[labelled - _row] == 0 ? labelled - _row
            : (flags & FaceCosts.LowerX) != 0 && _labels[labelled - 1] == 0 ? labelled - 1
            : (flags & FaceCosts.UpperX) != 0 && _labels[labelled + 1] == 0 ? labelled + 1
            : (flags & FaceCosts.UpperY) != 0 && _labels[labelled + _row] == 0 ? labelled + _row
            : labelled + _plane;
        if (first == unlabelled) Visit(labelled, -1);
    }

    /// <summary>Crosses the faces that cost no more than the level, and queues the voxel for the next dearer
    /// one.</summary>
    private void Visit(int at, int level)
    {
        var own = _faces + 4L * at;
        int flags = own[3], later = Levels;
        if ((flags & FaceCosts.LowerX) != 0) Cross(at, at - 1, own, 0, level, ref later);
        if ((flags & FaceCosts.UpperX) != 0) Cross(at, at + 1, own + 4, 0, level, ref later);
        if ((flags & FaceCosts.LowerY) != 0) Cross(at, at - _row, own, 1, level, ref later);
        if ((flags & FaceCosts.UpperY) != 0) Cross(at, at + _row, own + 4L * _row, 1, level, ref later);
        if ((flags & FaceCosts.LowerZ) != 0) Cross(at, at - _plane, own, 2, level, ref later);
        if ((flags & FaceCosts.UpperZ) != 0) Cross(at, at + _plane, own + 4L * _plane, 2, level, ref later);
        if (later < Levels) Push(at, later);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Cross(int at, int to, byte* faces, int axis, int level, ref int later)
    {
        if (_labels[to] != 0) return;
        int cost = faces[axis];
        if (cost > level)
        {
            later = Math.Min(later, cost);
            return;
        }
        _labels[to] = _labels[at];
        Push(to, level);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Push(int at, int level)
    {
        _next[at] = -1;
        if (_heads[level] < 0) _heads[level] = at;
        else _next[_tails[level]] = at;
        _tails[level] = at;
    }

    /// <summary>Floods from each voxel that is left, at one level; what stays too small is given back.</summary>
    private int SeedIslands(int voxels, int count, Islands islands)
    {
        var before = count;
        for (var i = 0; i < voxels; i++)
        {
            if (_labels[i] != 0) continue;
            _island.Clear();
            _island.Add(i);
            _labels[i] = count + 1;
            for (var k = 0; k < _island.Count; k++) Spread(_island[k], islands.Cost);
            if (_island.Count >= islands.LeastVoxels) count++;
            else foreach (var at in _island) _labels[at] = Refused;
        }
        for (var i = 0; i < voxels; i++)
            if (_labels[i] == Refused)
                _labels[i] = 0;
        for (var i = 0; i < voxels && count > before; i++)
            if (_labels[i] > before)
                Visit(i, islands.Cost);
        return count;
    }

    private void Spread(int at, int cost)
    {
        var own = _faces + 4L * at;
        int flags = own[3];
        if ((flags & FaceCosts.LowerX) != 0 && own[0] <= cost) Take(at, at - 1);
        if ((flags & FaceCosts.UpperX) != 0 && own[4] <= cost) Take(at, at + 1);
        if ((flags & FaceCosts.LowerY) != 0 && own[1] <= cost) Take(at, at - _row);
        if ((flags & FaceCosts.UpperY) != 0 && own[4L * _row + 1] <= cost) Take(at, at + _row);
        if ((flags & FaceCosts.LowerZ) != 0 && own[2] <= cost) Take(at, at - _plane);
        if ((flags & FaceCosts.UpperZ) != 0 && own[4L * _plane + 2] <= cost) Take(at, at + _plane);
    }

    private void Take(int at, int to)
    {
        if (_labels[to] != 0) return;
        _labels[to] = _labels[at];
        _island.Add(to);
    }
}

/// <summary>When voxels that no seed reaches become a seed.</summary>
/// <param name="Cost">Faces of at most this cost hold an island together; -1 = no islands.</param>
/// <param name="LeastVoxels">Smaller ones are given to their neighbours.</param>
internal readonly record struct Islands(int Cost, int LeastVoxels);
