using Connecto.Volumes;

namespace Connecto.Phantom.Tissue;

/// <summary>A path of lattice vertices, and where it hangs on another.</summary>
internal sealed class NeuritePath(int index)
{
    public int Index { get; } = index;
    public List<Index3> Vertices { get; set; } = [];

    /// <summary>The vertex of another path that this path's last vertex grows from, if any.</summary>
    public Index3? Stem { get; set; }

    /// <summary>The vertex across the region's face that the first vertex continues to, if any.</summary>
    public Index3? Across { get; set; }
}

/// <summary>
/// Grows the neurites of one region of a lattice. Every free vertex is strung into exactly one path, a self-avoiding
/// walk that prefers to go straight; some paths then hang one end on a neighbouring path and become its branches.
/// Paths are joined in pairs across region faces at agreed vertices. Each path hangs on one other tree at most, so the
/// result is a forest: no cycles, and no tree grows without bound. Given up: paths that run through many regions.
/// A region depends on its seed and on the coarser neurites in it alone.
/// </summary>
internal sealed class RegionGrowth
{
    private const float AttachShare = 0.5f, CrossingShare = 0.3f;
    private static readonly Index3[] Directions = [new(1, 0, 0), new(-1, 0, 0), new(0, 1, 0), new(0, -1, 0), new(0, 0, 1), new(0, 0, -1)];

    private readonly NeuriteLevel _level;
    private readonly Index3 _first;
    private readonly Func<Index3, bool> _exists;
    private readonly int _n;
    private readonly int[] _owner;
    private readonly bool[] _open;
    private readonly List<NeuritePath> _paths = [];

    private RegionGrowth(NeuriteLevel level, Index3 region, Func<Index3, bool> exists)
    {
        (_level, _exists, _n) = (level, exists, level.RegionLength);
        _first = new Index3(region.Z * _n, region.Y * _n, region.X * _n);
        _owner = new int[_n * _n * _n];
        _open = new bool[_owner.Length];
    }

    /// <param name="level">The lattice.</param>
    /// <param name="region">Which region of it.</param>
    /// <param name="exists">Whether a vertex of the lattice may be used; asked one vertex beyond the region too.</param>
    public static IReadOnlyList<NeuritePath> Grow(NeuriteLevel level, Index3 region, Func<Index3, bool> exists)
    {
        var growth = new RegionGrowth(level, region, exists);
        growth.Open();
        growth.GrowCrossings();
        growth.GrowRest();
        growth.Attach();
        return growth._paths;
    }

    private void Open()
    {
        for (var i = 0; i < _open.Length; i++) _open[i] = _exists(VertexAt(i));
    }

    private void GrowCrossings()
    {
        for (var face = 0; face < 6; face++)
            for (var j = 1; j < _n - 1; j++)
                for (var i = 1; i < _n - 1; i++)
                {
                    var high = (face & 1) == 0 ? _n - 1 : 0;
                    var vertex = _first + (face >> 1) switch { 0 => new Index3(high, j, i), 1 => new(j, high, i), _ => new(j, i, high) };
                    var outward = Directions[face];
                    var low = high == 0 ? vertex + outward : vertex;
                    var share = CrossingShare * _level.Coverage;
                    if (PlaceRandom.Unit(PlaceRandom.Hash(_level.Key ^ (0xFACEUL + (uint)(face >> 1)), low.Z, low.Y, low.X)) >= share) continue;
                    if (!IsFree(vertex) || !_exists(vertex + outward)) continue;
                    var path = new NeuritePath(_paths.Count) { Across = vertex + outward };
                    _paths.Add(path);
                    Take(vertex, path);
                    Walk(path, new Index3(-outward.Z, -outward.Y, -outward.X));
                }
    }

    private void GrowRest()
    {
        var order = new (ulong Hash, int Vertex)[_owner.Length];
        for (var i = 0; i < order.Length; i++)
        {
            var v = VertexAt(i);
            order[i] = (PlaceRandom.Hash(_level.Key ^ 0x0DDE5UL, v.Z, v.Y, v.X), i);
        }
        Array.Sort(order);
        var starts = (int)(order.Length * _level.Coverage);
        for (var i = 0; i < starts; i++)
        {
            if (_owner[order[i].Vertex] != 0 || !_open[order[i].Vertex]) continue;
            var path = new NeuritePath(_paths.Count);
            _paths.Add(path);
            var start = VertexAt(order[i].Vertex);
            var outward = Directions[(int)(order[i].Hash % 6)];
            Take(start, path);
            Walk(path, outward);
            path.Vertices.Reverse();
            Walk(path, new Index3(-outward.Z, -outward.Y, -outward.X));
        }
    }

    private void Walk(NeuritePath path, Index3 direction)
    {
        var at = path.Vertices[^1];
        var limit = 3 + (int)(PlaceRandom.Unit(PlaceRandom.Hash(_level.Key ^ 0x11417UL, at.Z, at.Y, at.X)) * _n * 1.5f);
        for (var step = 0; step < limit; step++)
        {
            var hash = PlaceRandom.Hash(_level.Key ^ 0x70124UL, at.Z, at.Y, at.X);
            var straight = at + direction;
            var next = IsFree(straight) && PlaceRandom.Unit(hash) >= _level.TurnShare ? direction : Turn(at, direction, hash >> 24);
            if (next is not { } go) return;
            (direction, at) = (go, at + go);
            Take(at, path);
        }
    }

    private Index3? Turn(Index3 at, Index3 direction, ulong hash)
    {
        for (var k = 0; k < 6; k++)
        {
            var turn = Directions[(int)((hash + (ulong)k) % 6)];
            if (turn == direction || turn + direction == default) continue;
            if (IsFree(at + turn)) return turn;
        }
        return IsFree(at + direction) ? direction : null;
    }

    /// <summary>Hangs paths on neighbours of another tree; a path without room to be a neurite of its own always.</summary>
    private void Attach()
    {
        var tree = Enumerable.Range(0, _paths.Count).ToArray();
        int Root(int i)
        {
            while (tree[i] != i) i = tree[i] = tree[tree[i]];
            return i;
        }
        foreach (var path in _paths)
        {
            if (path.Across is not null) continue;
            var end = path.Vertices[^1];
            var hash = PlaceRandom.Hash(_level.Key ^ 0xA77AC4UL, end.Z, end.Y, end.X);
            if (path.Vertices.Count >= 5 && PlaceRandom.Unit(hash) >= AttachShare) continue;
            for (var k = 0; k < 6 && path.Stem is null; k++)
            {
                var stem = end + Directions[(int)(((hash >> 24) + (ulong)k) % 6)];
                if (!Inside(stem) || _owner[IndexOf(stem)] is 0) continue;
                var other = _owner[IndexOf(stem)] - 1;
                if (Root(other) == Root(path.Index)) continue;
                tree[Root(path.Index)] = Root(other);
                path.Stem = stem;
            }
        }
    }

    private void Take(Index3 vertex, NeuritePath path)
    {
        _owner[IndexOf(vertex)] = path.Index + 1;
        path.Vertices.Add(vertex);
    }

    private bool IsFree(Index3 v) => Inside(v) && _owner[IndexOf(v)] == 0 && _open[IndexOf(v)];

    private bool Inside(Index3 v) => new Box(_first, _first + new Index3(_n, _n, _n)).Contains(v);

    private int IndexOf(Index3 v) => ((v.Z - _first.Z) * _n + v.Y - _first.Y) * _n + v.X - _first.X;

    private Index3 VertexAt(int i) => _first + new Index3(i / (_n * _n), i / _n % _n, i % _n);
}
