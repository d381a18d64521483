using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Connecto.Segmentation;

/// <summary>Cuts the interior at its necks: basins of the distance to the boundary, joined unless the neck between them
/// is deep.</summary>
/// <remarks>
/// The idea: every voxel points to its deepest neighbour, and the ends of these ways are peaks. Pairs of basins that
/// touch, highest meeting level first, are joined unless the lower peak stands out: its persistence (peak minus level)
/// reaches the depth, and the neck is narrow against it. This is the h-maxima transform (Vincent 1993), by union-find
/// over basins, not voxels, so memory is walked in order. Given up: diagonal neighbours; their maxima are shallow.
/// </remarks>
internal sealed unsafe class SeedBasins(double depth, double neckRatio)
{
    private readonly record struct Meeting(int A, int B, byte Level);

    private readonly List<Meeting> _meetings = [];
    private readonly int[] _counts = new int[257];
    private int[] _order = [], _parents = [], _slots = new int[1 << 14];
    private byte[] _peaks = [];

    /// <summary>Points each interior voxel to its deepest neighbour; among equals to one before it, or to itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Climb(FloodMemory memory)
    {
        var layout = memory.Layout;
        var shape = layout.Shape;
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
                for (var k = 0; k < layout.Vectors; k++)
                    Climb(memory.Levels + layout.At(z, y) + layout.VectorAt(k),
                        memory.Ways + layout.At(z, y) + layout.VectorAt(k), layout.Row, layout.Plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Climb(byte* levels, byte* ways, int row, int plane)
    {
        var own = Vector512.Load(levels);
        var (best, way) = (own, Vector512.Create(Way.Peak));
        // Lower indices may be as deep, higher ones must be deeper: no circle.
        var below = Vector512.Load(levels - plane);
        way = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(below, best), Vector512.Create(Way.LowerZ), way);
        best = Vector512.Max(best, below);
        Lower(Vector512.Load(levels - row), Way.LowerY, ref best, ref way);
        Lower(Vector512.Load(levels - 1), Way.LowerX, ref best, ref way);
        Higher(Vector512.Load(levels + 1), Way.UpperX, ref best, ref way);
        Higher(Vector512.Load(levels + row), Way.UpperY, ref best, ref way);
        Higher(Vector512.Load(levels + plane), Way.UpperZ, ref best, ref way);
        Vector512.ConditionalSelect(Vector512.Equals(own, Vector512<byte>.Zero), Vector512.Create(Way.None), way).Store(ways);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lower(Vector512<byte> level, byte leads, ref Vector512<byte> best, ref Vector512<byte> way)
    {
        var asDeep = Vector512.Equals(level, best) & Vector512.Equals(way, Vector512.Create(Way.Peak));
        way = Vector512.ConditionalSelect(Vector512.GreaterThan(level, best) | asDeep, Vector512.Create(leads), way);
        best = Vector512.Max(best, level);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Higher(Vector512<byte> level, byte leads, ref Vector512<byte> best, ref Vector512<byte> way)
    {
        way = Vector512.ConditionalSelect(Vector512.GreaterThan(level, best), Vector512.Create(leads), way);
        best = Vector512.Max(best, level);
    }

    /// <summary>Joins basins.</summary>
    /// <param name="memory">Levels, and as labels the number of each voxel's peak.</param>
    /// <param name="peaks">The level of each peak, by number; 0 is no peak.</param>
    /// <returns>For each peak the one that stands for its basin; valid until the next call.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ReadOnlySpan<int> Join(FloodMemory memory, List<byte> peaks)
    {
        if (_parents.Length < peaks.Count)
            (_parents, _peaks) = (new int[peaks.Count * 5 / 4], new byte[peaks.Count * 5 / 4]);
        for (var i = 0; i < peaks.Count; i++) (_parents[i], _peaks[i]) = (i, peaks[i]);
        FindMeetings(memory);
        SortMeetings();
        for (var i = 0; i < _meetings.Count; i++)
        {
            var meeting = _meetings[_order[i]];
            int a = Root(meeting.A), b = Root(meeting.B);
            if (a == b) continue;
            var (low, high) = _peaks[a] < _peaks[b] || (_peaks[a] == _peaks[b] && a > b) ? (a, b) : (b, a);
            int level = meeting.Level, peak = _peaks[low];
            if (peak - level < depth || level >= neckRatio * peak) _parents[low] = high;
        }
        for (var i = 1; i < peaks.Count; i++) _parents[i] = Root(i);
        return _parents.AsSpan(0, peaks.Count);
    }

    /// <summary>Which basins meet, and at which level at the highest: lower faces of the same two cannot join them where
    /// that one did not.</summary>
    private void FindMeetings(FloodMemory memory)
    {
        _meetings.Clear();
        Array.Clear(_slots);
        var layout = memory.Layout;
        var shape = layout.Shape;
        ReadOnlySpan<int> steps = [1, layout.Row, layout.Plane];
        for (var axis = 0; axis < (shape.Z > 1 ? 3 : 2); axis++)
            for (var z = 0; z < shape.Z; z++)
                for (var y = 0; y < shape.Y; y++)
                    FindMeetings(memory.Labels + layout.At(z, y), memory.Levels + layout.At(z, y), shape.X, steps[axis]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindMeetings(int* labels, byte* levels, int length, int step)
    {
        var last = new Meeting(0, 0, 0);
        for (var x = 0; x < length; x += 16)
        {
            var own = Vector512.Load(labels + x);
            var differs = ~Vector512.Equals(own, Vector512.Load(labels + x - step)).ExtractMostSignificantBits() & 0xFFFF;
            if (differs == 0) continue;
            var lower = Vector128.Min(Vector128.Load(levels + x), Vector128.Load(levels + x - step));
            differs &= ~Vector128.Equals(lower, Vector128<byte>.Zero).ExtractMostSignificantBits();
            for (; differs != 0; differs &= differs - 1)
            {
                var at = x + System.Numerics.BitOperations.TrailingZeroCount(differs);
                if (at >= length) break;
                var level = Math.Min(levels[at], levels[at - step]);
                int a = labels[at], b = labels[at - step];
                if (a > b) (a, b) = (b, a);
                if (a == last.A && b == last.B && level <= last.Level) continue;
                last = new Meeting(a, b, level);
                Meet(last);
            }
        }
    }

    /// <summary>Keeps the highest level at which two basins meet.</summary>
    private void Meet(Meeting meeting)
    {
        for (var slot = Slot(meeting); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            var known = _slots[slot] - 1;
            if (known < 0)
            {
                _meetings.Add(meeting);
                _slots[slot] = _meetings.Count;
                if (2 * _meetings.Count > _slots.Length) GrowSlots();
                return;
            }
            ref var old = ref CollectionsMarshal.AsSpan(_meetings)[known];
            if (old.A != meeting.A || old.B != meeting.B) continue;
            if (meeting.Level > old.Level) old = meeting;
            return;
        }
    }

    private void GrowSlots()
    {
        _slots = new int[_slots.Length * 2];
        for (var i = 0; i < _meetings.Count; i++)
        {
            var slot = Slot(_meetings[i]);
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = i + 1;
        }
    }

    private int Slot(Meeting meeting) =>
        (int)((((ulong)(uint)meeting.A << 32 | (uint)meeting.B) * 0x9E3779B97F4A7C15UL) >> 40) & (_slots.Length - 1);

    /// <summary>Orders meetings from the highest level, as they were found within one.</summary>
    private void SortMeetings()
    {
        if (_order.Length < _meetings.Count) _order = new int[_meetings.Count * 5 / 4];
        Array.Clear(_counts);
        foreach (var meeting in _meetings) _counts[255 - meeting.Level + 1]++;
        for (var i = 1; i < _counts.Length; i++) _counts[i] += _counts[i - 1];
        for (var i = 0; i < _meetings.Count; i++) _order[_counts[255 - _meetings[i].Level]++] = i;
    }

    private int Root(int at)
    {
        while (_parents[at] != at) at = _parents[at] = _parents[_parents[at]];
        return at;
    }
}
