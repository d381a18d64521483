using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Segmentation;

/// <summary>What is being summed up between two fragments of a block: a <see cref="Contact"/> under way.</summary>
internal struct ContactSum
{
    public long PlaneCount, PlaneSum, PlaneSquares;
    public long ZCount, ZSum, ZSquares;
    public long InteriorCount, InteriorSum, InteriorSquares;
    public long Rising;

    public readonly Contact ToContact() => new(new(PlaneCount, PlaneSum, PlaneSquares), new(ZCount, ZSum, ZSquares),
        new(InteriorCount, InteriorSum, InteriorSquares), Rising);
}

/// <summary>Sums by pairs of labels of one block, or of two that meet: open addressing over 8-byte keys, so that a probe
/// touches one cache line; the sums lie densely in the order in which pairs were first met.</summary>
internal sealed class PairTable
{
    private ulong[] _keys = new ulong[1024];
    private int[] _places = new int[1024];
    private readonly List<ulong> _pairs = [];
    private readonly List<ContactSum> _sums = [];

    public int Count => _pairs.Count;

    /// <summary>The sums of a pair; neither label is 0. Valid until the next call.</summary>
    public ref ContactSum this[uint a, uint b]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var key = (ulong)a << 32 | b;
            for (var at = Slot(key); ; at = (at + 1) & (_keys.Length - 1))
            {
                if (_keys[at] == key) return ref CollectionsMarshal.AsSpan(_sums)[_places[at]];
                if (_keys[at] == 0) return ref Add(key);
            }
        }
    }

    /// <summary>All pairs with their sums, in the order in which they were first met.</summary>
    public IEnumerable<(uint A, uint B, ContactSum Sum)> All()
    {
        for (var i = 0; i < _pairs.Count; i++) yield return ((uint)(_pairs[i] >> 32), (uint)_pairs[i], _sums[i]);
    }

    private ref ContactSum Add(ulong key)
    {
        if (2 * (_pairs.Count + 1) > _keys.Length)
        {
            (_keys, _places) = (new ulong[_keys.Length * 2], new int[_keys.Length * 2]);
            for (var i = 0; i < _pairs.Count; i++) Put(_pairs[i], i);
        }
        Put(key, _pairs.Count);
        _pairs.Add(key);
        _sums.Add(default);
        return ref CollectionsMarshal.AsSpan(_sums)[^1];
    }

    private void Put(ulong key, int place)
    {
        var at = Slot(key);
        while (_keys[at] != 0) at = (at + 1) & (_keys.Length - 1);
        (_keys[at], _places[at]) = (key, place);
    }

    private int Slot(ulong key) => (int)((key * 0x9E3779B97F4A7C15UL) >> 40) & (_keys.Length - 1);
}
