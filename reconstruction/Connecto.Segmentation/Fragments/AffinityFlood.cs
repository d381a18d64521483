using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Connecto.Segmentation;

/// <summary>Leads every voxel to the seed that the path of the best weakest affinity comes from.</summary>
/// <remarks>
/// The idea: all voxels at once, round by round (Bellman and Ford's relaxation with the dearest face as a path's cost).
/// In a round a voxel looks at what its six neighbours had reached before it, and follows one that offers a cheaper way;
/// so of equally cheap ways the shortest wins, and a boundary between two seeds lies midway. A round is bytes only,
/// <see cref="FloodLayout.Lanes"/> voxels a vector, and later rounds visit only vectors near one that changed: on
/// tissue 10 times as fast as a queue of voxels. Voxels keep whom they follow, not whose they are, so that a seed's
/// region stays in one piece when a voxel on the way is won by another. Faces, not voxels, carry the heights: a boundary
/// may have no thickness. Given up: affinities 0 and 1 of 255 count the same.
/// </remarks>
internal sealed unsafe class AffinityFlood
{
    private readonly List<int> _island = [];
    private int[] _places = [], _now = [], _then = [];
    private int[] _stamps = [];
    private int _stamp, _thenCount, _vectorsRow, _vectorsPlane;
    private FloodLayout _layout;

    /// <summary>Floods: reads costs, levels (above 0 = seed) and the ways of seeds, and writes the ways of all other
    /// voxels.</summary>
    /// <param name="memory">What a flood knows.</param>
    /// <param name="islands">Voxels that no seed has reached over faces of at most this cost, but that such faces hold
    /// together, become seeds: cells too thin to have an interior.</param>
    /// <param name="maximumCost">Faces that cost more are not crossed; what only they lead to follows none.</param>
    public void Run(FloodMemory memory, Islands islands, int maximumCost)
    {
        Lay(memory.Layout);
        Begin(memory);
        maximumCost = Math.Min(maximumCost, FloodLayout.Unreached - 1);
        if (islands.Cost >= 0)
        {
            Spread(memory, Math.Min(islands.Cost, maximumCost));
            FindIslands(memory, islands);
        }
        Spread(memory, maximumCost);
    }

    private void Lay(FloodLayout layout)
    {
        if (layout.Shape == _layout.Shape) return;
        _layout = layout;
        var shape = layout.Shape;
        _vectorsRow = layout.Vectors + 1;
        _vectorsPlane = (shape.Y + 1) * _vectorsRow;
        var count = (shape.Z + 2) * _vectorsPlane;
        (_places, _now, _then, _stamps) = (new int[count], new int[count], new int[count], new int[count]);
        _stamp = 0;
        Array.Fill(_places, -1);
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
                for (var k = 0; k < layout.Vectors; k++)
                    _places[(z + 1) * _vectorsPlane + y * _vectorsRow + k] = layout.At(z, y) + layout.VectorAt(k);
    }

    /// <summary>Seeds are reached at no cost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Begin(FloodMemory memory)
    {
        byte* levels = memory.Levels, reached = memory.Reached, next = memory.ReachedNext;
        for (var s = 0; s < _places.Length; s++)
        {
            if (_places[s] < 0) continue;
            var at = _places[s];
            var cost = Vector512.Equals(Vector512.Load(levels + at), Vector512<byte>.Zero);
            cost.Store(reached + at);
            cost.Store(next + at);
        }
    }

    /// <summary>Rounds over all that is not reached yet, until nothing changes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(FloodMemory memory, int maximumCost)
    {
        byte* reached = memory.Reached, next = memory.ReachedNext;
        _thenCount = 0;
        _stamp++;
        for (var s = 0; s < _places.Length; s++)
            if (_places[s] is var at and >= 0
                && Vector512.EqualsAny(Vector512.Load(reached + at), Vector512<byte>.AllBitsSet))
                Queue(s);
        while (_thenCount > 0)
        {
            (_now, _then) = (_then, _now);
            var count = _thenCount;
            _thenCount = 0;
            _stamp++;
            for (var i = 0; i < count; i++)
            {
                var s = _now[i];
                if (!Relax(memory, reached, next, _places[s], (byte)maximumCost)) continue;
                Queue(s);
                Queue(s - 1);
                Queue(s + 1);
                Queue(s - _vectorsRow);
                Queue(s + _vectorsRow);
                Queue(s - _vectorsPlane);
                Queue(s + _vectorsPlane);
            }
            var before = reached;
            reached = next;
            next = before;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Queue(int s)
    {
        if (_stamps[s] == _stamp) return;
        _stamps[s] = _stamp;
        if (_places[s] >= 0) _then[_thenCount++] = s;
    }

    /// <summary>One round of one vector; true when a voxel found a cheaper way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Relax(FloodMemory memory, byte* reached, byte* next, int at, byte maximumCost)
    {
        byte* x = memory.CostX + at, y = memory.CostY + at, z = memory.CostZ + at, own = reached + at;
        int row = _layout.Row, plane = _layout.Plane;
        var before = Vector512.Load(own);
        var best = Vector512.Min(before, Vector512.Create((byte)(maximumCost + 1)));
        var limit = best;
        var way = Vector512<byte>.Zero;
        Offer(own - 1, x, Way.LowerX, ref best, ref way);
        Offer(own + 1, x + 1, Way.UpperX, ref best, ref way);
        Offer(own - row, y, Way.LowerY, ref best, ref way);
        Offer(own + row, y + row, Way.UpperY, ref best, ref way);
        if (_layout.Shape.Z > 1)
        {
            Offer(own - plane, z, Way.LowerZ, ref best, ref way);
            Offer(own + plane, z + plane, Way.UpperZ, ref best, ref way);
        }
        var better = Vector512.LessThan(best, limit);
        Vector512.ConditionalSelect(better, best, before).Store(next + at);
        if (better == Vector512<byte>.Zero) return false;
        var ways = memory.Ways + at;
        Vector512.ConditionalSelect(better, way, Vector512.Load(ways)).Store(ways);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Offer(byte* neighbour, byte* face, byte leads, ref Vector512<byte> best, ref Vector512<byte> way)
    {
        var cost = Vector512.Max(Vector512.Load(neighbour), Vector512.Load(face));
        way = Vector512.ConditionalSelect(Vector512.LessThan(cost, best), Vector512.Create(leads), way);
        best = Vector512.Min(best, cost);
    }

    /// <summary>Makes seeds of what cheap faces hold together and no seed has reached; what stays too small is given
    /// back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindIslands(FloodMemory memory, Islands islands)
    {
        var shape = _layout.Shape;
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
            {
                var row = _layout.At(z, y);
                var reached = new ReadOnlySpan<byte>(memory.Reached + row, shape.X);
                for (var x = 0; x < shape.X; x++)
                {
                    var skip = reached[x..].IndexOf(FloodLayout.Unreached);
                    if (skip < 0) break;
                    x += skip;
                    if (memory.Ways[row + x] == Way.None) TryIsland(memory, row + x, islands);
                }
            }
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
            {
                var row = _layout.At(z, y);
                var ways = new Span<byte>(memory.Ways + row, shape.X);
                ways.Replace(Refused, Way.None);
            }
    }

    private const byte Refused = 255;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TryIsland(FloodMemory memory, int first, Islands islands)
    {
        byte* ways = memory.Ways, x = memory.CostX, y = memory.CostY, z = memory.CostZ;
        int row = _layout.Row, plane = _layout.Plane;
        _island.Clear();
        _island.Add(first);
        ways[first] = Way.Peak;
        for (var k = 0; k < _island.Count; k++)
        {
            var at = _island[k];
            if (x[at] <= islands.Cost) Take(at - 1, Way.UpperX);
            if (x[at + 1] <= islands.Cost) Take(at + 1, Way.LowerX);
            if (y[at] <= islands.Cost) Take(at - row, Way.UpperY);
            if (y[at + row] <= islands.Cost) Take(at + row, Way.LowerY);
            if (z[at] <= islands.Cost) Take(at - plane, Way.UpperZ);
            if (z[at + plane] <= islands.Cost) Take(at + plane, Way.LowerZ);
        }
        if (_island.Count >= islands.LeastVoxels)
            foreach (var at in _island)
                memory.Reached[at] = memory.ReachedNext[at] = (byte)islands.Cost;
        else
            foreach (var at in _island)
                ways[at] = Refused;

        void Take(int to, byte way)
        {
            if (ways[to] != Way.None) return;
            ways[to] = way;
            _island.Add(to);
        }
    }
}

/// <summary>When voxels that no seed reaches become a seed.</summary>
/// <param name="Cost">Faces of at most this cost hold an island together; -1 = no islands.</param>
/// <param name="LeastVoxels">Smaller ones are given to their neighbours.</param>
internal readonly record struct Islands(int Cost, int LeastVoxels);
