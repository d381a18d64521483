using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Which edges a pass may merge over.</summary>
internal enum FaceKind
{
    /// <summary>Those with faces within a section; the faces across z do not count.</summary>
    Plane,

    /// <summary>All, by all their faces.</summary>
    Any,
}

/// <summary>A region graph that shrinks: the state of an agglomeration.</summary>
/// <remarks>
/// The idea: every edge waits in one of 4096 buckets by its score, first in, first out. Merging two nodes walks the
/// edges of the one with fewer: each either becomes an edge of the other node or is added to the one that is there. A
/// hash table of node pairs finds that one. A score that falls since its node grew is noticed when its edge comes up; a
/// score that changes by a sum moves at once. Given up: order within 1/4096 of affinity.
/// </remarks>
internal sealed class RegionMerger
{
    private struct Edge
    {
        public int A, B, NextOfA, NextOfB;
        public double PlaneFaces, ZFaces;
        public double PlaneSum, ZSum;

        // Of the faces across z, those with B on their upper side.
        public double Rising;
    }

    private readonly AgglomerationOptions _options;
    private readonly double _smallVoxels, _leastVoxels;
    private readonly Edge[] _edges;
    private readonly int[] _parents;
    private readonly long[] _sizes;
    private readonly int[] _firstEdges, _lastEdges, _degrees;
    private readonly NodePairTable _pairs;
    private readonly EdgeQueue _queue;
    private FaceKind _faces;

    public RegionMerger(RegionGraph graph, AgglomerationOptions options, VoxelSize voxelSize)
    {
        _options = options;
        var voxelNm3 = voxelSize.Z * voxelSize.Y * voxelSize.X;
        (_smallVoxels, _leastVoxels) = (options.SmallVolumeNm3 / voxelNm3, options.LeastVolumeNm3 / voxelNm3);
        int nodes = graph.Fragments.Length, edges = graph.EdgeCount;
        _parents = new int[nodes];
        for (var i = 0; i < nodes; i++) _parents[i] = i;
        _sizes = graph.Sizes.ToArray();
        (_firstEdges, _lastEdges, _degrees) = (new int[nodes], new int[nodes], new int[nodes]);
        Array.Fill(_firstEdges, -1);
        Array.Fill(_lastEdges, -1);
        _edges = new Edge[edges];
        _pairs = new NodePairTable(edges);
        _queue = new EdgeQueue(edges);
        for (var e = 0; e < edges; e++)
        {
            var c = graph.Contacts[e];
            _edges[e] = new()
            {
                A = graph.A[e],
                B = graph.B[e],
                NextOfA = -1,
                NextOfB = -1,
                PlaneFaces = c.Plane.Count,
                PlaneSum = Total(c.Plane),
                ZFaces = c.Z.Count,
                ZSum = LinkTotal(c),
                Rising = c.Rising,
            };
            Append(graph.A[e], e);
            Append(graph.B[e], e);
            _pairs.Add(graph.A[e], graph.B[e], e);
        }
    }

    /// <summary>Merges, best first, all that reaches the threshold.</summary>
    public void Merge(double threshold, FaceKind faces, CancellationToken cancel)
    {
        _faces = faces;
        var least = EdgeQueue.Bucket(threshold);
        for (var e = 0; e < _edges.Length; e++)
            if (_edges[e].A >= 0)
                Enqueue(e, least);
        for (var merges = 0; _queue.TakeBest(out var e, out var bucket);)
        {
            var now = EdgeQueue.Bucket(Score(e));
            if (now < bucket) { Enqueue(e, least); continue; }
            Join(e, least);
            if ((++merges & 0xFFFF) == 0) cancel.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Edges across z count for less where either end has a better one on that side.</summary>
    /// <remarks>To be called while every segment lies within one section, before overlaps are weakened.</remarks>
    public void WeakenRivals()
    {
        if (_options.Rivalry == 0) return;
        var best = new double[2 * _parents.Length];
        foreach (ref var edge in _edges.AsSpan())
        {
            if (edge.A < 0 || edge.ZFaces == 0) continue;
            var (sideOfA, sideOfB) = Sides(edge);
            best[sideOfA] = Math.Max(best[sideOfA], edge.ZSum);
            best[sideOfB] = Math.Max(best[sideOfB], edge.ZSum);
        }
        foreach (ref var edge in _edges.AsSpan())
        {
            if (edge.A < 0 || edge.ZSum == 0) continue;
            var (sideOfA, sideOfB) = Sides(edge);
            Weaken(ref edge, Math.Pow(edge.ZSum / Math.Max(best[sideOfA], best[sideOfB]), _options.Rivalry));
        }

        // Two places a segment: what lies below it, and what lies above.
        static (int OfA, int OfB) Sides(in Edge edge)
        {
            var above = 2 * edge.Rising > edge.ZFaces ? 1 : 0;
            return (2 * edge.A + above, 2 * edge.B + 1 - above);
        }
    }

    /// <summary>Edges across z count in proportion to the overlap, where it is thin.</summary>
    /// <remarks>To be called while every segment lies within one section: then the faces across z are the
    /// overlap.</remarks>
    public void WeakenThinOverlaps()
    {
        if (_options.FullOverlap == 0) return;
        foreach (ref var edge in _edges.AsSpan())
        {
            if (edge.A < 0 || edge.ZFaces == 0) continue;
            var overlap = edge.ZFaces / Math.Min(_sizes[edge.A], _sizes[edge.B]);
            if (overlap >= _options.FullOverlap) continue;
            Weaken(ref edge, overlap / _options.FullOverlap);
        }
    }

    /// <summary>Affinities within a section count in proportion from here on.</summary>
    /// <remarks>The pass over all faces merges at a lower threshold than that within sections: faces between two pieces of one
    /// section, too weak for the first pass, must not be enough for the second.</remarks>
    public void WeakenPlanes(double part)
    {
        foreach (ref var edge in _edges.AsSpan())
            if (edge.A >= 0)
                edge.PlaneSum *= _options.Mean == FaceMean.Arithmetic ? part : part * part;
    }

    /// <summary>Gives segments below the least volume to the neighbour of the best score, the smallest first.</summary>
    public void AbsorbSmall(CancellationToken cancel)
    {
        if (_leastVoxels == 0) return;
        _faces = FaceKind.Any;
        var small = new PriorityQueue<int, (long, int)>();
        for (var node = 0; node < _parents.Length; node++)
            if (_parents[node] == node && _sizes[node] < _leastVoxels)
                small.Enqueue(node, (_sizes[node], node));
        while (small.TryDequeue(out var node, out var order))
        {
            cancel.ThrowIfCancellationRequested();
            if (_parents[node] != node || _sizes[node] != order.Item1) continue;
            var best = BestEdge(node);
            if (best < 0) continue;
            var into = Join(best, int.MaxValue);
            if (_sizes[into] < _leastVoxels) small.Enqueue(into, (_sizes[into], into));
        }
    }

    /// <summary>The segment of each fragment, 1..n in the order of each one's first fragment.</summary>
    public ulong[] Number()
    {
        var segments = new ulong[_parents.Length];
        var ofRoot = new ulong[_parents.Length];
        ulong count = 0;
        for (var i = 0; i < segments.Length; i++)
        {
            ref var number = ref ofRoot[Root(i)];
            if (number == 0) number = ++count;
            segments[i] = number;
        }
        return segments;
    }

    private double Total(Faces faces) =>
        _options.Mean == FaceMean.Arithmetic ? faces.Sum / 255.0 : faces.Squares / (255.0 * 255.0);

    private double LinkTotal(Contact contact) =>
        _options.LinkFaces == LinkFaces.All || contact.Interior.Count == 0
            ? Total(contact.Z)
            : Total(contact.Interior) / contact.Interior.Count * contact.Z.Count;

    private void Weaken(ref Edge edge, double part) =>
        edge.ZSum *= _options.Mean == FaceMean.Arithmetic ? part : part * part;

    private double Score(int e)
    {
        ref var edge = ref _edges[e];
        double faces = edge.PlaneFaces, sum = edge.PlaneSum;
        if (_faces == FaceKind.Any)
        {
            faces += _options.ZWeight * edge.ZFaces;
            sum += _options.ZWeight * edge.ZSum;
        }
        if (faces <= 0) return -1;
        var score = _options.Mean == FaceMean.Arithmetic ? sum / faces : Math.Sqrt(sum / faces);
        if (_smallVoxels > 0)
            score += _options.SmallBonus * Math.Max(0, 1 - Math.Min(_sizes[edge.A], _sizes[edge.B]) / _smallVoxels);
        return score;
    }

    private int BestEdge(int node)
    {
        var (best, bestScore) = (-1, double.NegativeInfinity);
        for (var e = _firstEdges[node]; e >= 0; e = Next(e, node))
        {
            if (_edges[e].A < 0) continue;
            var score = Score(e);
            if (score > bestScore || (score == bestScore && e < best)) (best, bestScore) = (e, score);
        }
        return best;
    }

    private void Enqueue(int e, int least)
    {
        var bucket = EdgeQueue.Bucket(Score(e));
        if (bucket >= least) _queue.Put(e, bucket);
        else _queue.Remove(e);
    }

    /// <summary>Merges the ends of an edge; returns the node that stays.</summary>
    private int Join(int joined, int least)
    {
        var (keep, gone) = (_edges[joined].A, _edges[joined].B);
        if (_degrees[keep] < _degrees[gone] || (_degrees[keep] == _degrees[gone] && keep > gone))
            (keep, gone) = (gone, keep);
        Delete(joined);
        _parents[gone] = keep;
        _sizes[keep] += _sizes[gone];
        for (var e = _firstEdges[gone]; e >= 0;)
        {
            var next = Next(e, gone);
            if (_edges[e].A >= 0) Hand(e, gone, keep, least);
            e = next;
        }
        _firstEdges[gone] = _lastEdges[gone] = -1;
        return keep;
    }

    /// <summary>Makes an edge of one node an edge of another, or adds it to the one that leads to the same
    /// place.</summary>
    private void Hand(int e, int from, int to, int least)
    {
        ref var edge = ref _edges[e];
        var other = edge.A == from ? edge.B : edge.A;
        if (_pairs.Find(to, other) is var known && known >= 0)
        {
            ref var sum = ref _edges[known];
            var alike = (sum.A == to) == (edge.A == from);
            sum.Rising += alike ? edge.Rising : edge.ZFaces - edge.Rising;
            sum.PlaneFaces += edge.PlaneFaces;
            sum.PlaneSum += edge.PlaneSum;
            sum.ZFaces += edge.ZFaces;
            sum.ZSum += edge.ZSum;
            Delete(e);
            if (least < int.MaxValue) Enqueue(known, least);
            return;
        }
        _pairs.Remove(from, other);
        _pairs.Add(to, other, e);
        if (edge.A == from) (edge.A, edge.NextOfA) = (to, -1);
        else (edge.B, edge.NextOfB) = (to, -1);
        Append(to, e);
    }

    private void Delete(int e)
    {
        _pairs.Remove(_edges[e].A, _edges[e].B);
        _queue.Remove(e);
        // The links stay: the lists of both ends still lead through this edge.
        (_edges[e].A, _edges[e].B) = (~_edges[e].A, ~_edges[e].B);
    }

    private int Next(int e, int node) =>
        _edges[e].A == node || ~_edges[e].A == node ? _edges[e].NextOfA : _edges[e].NextOfB;

    private void Append(int node, int e)
    {
        var last = _lastEdges[node];
        if (last < 0) _firstEdges[node] = e;
        else if (_edges[last].A == node || ~_edges[last].A == node) _edges[last].NextOfA = e;
        else _edges[last].NextOfB = e;
        _lastEdges[node] = e;
        _degrees[node]++;
    }

    private int Root(int at)
    {
        while (_parents[at] != at)
        {
            _parents[at] = _parents[_parents[at]];
            at = _parents[at];
        }
        return at;
    }
}
