using System.Numerics;

namespace Connecto.Graph;

/// <summary>A set of pairs of neurons: open addressing, at most half full, in which a removed pair lets those behind it move
/// up, so that no tombstones gather however long it is used.</summary>
internal sealed class PairSet
{
    private readonly ulong[] _slots;
    private readonly int _shift;

    /// <param name="capacity">The most pairs it will ever hold.</param>
    public PairSet(int capacity)
    {
        var bits = Math.Max(2, BitOperations.Log2((uint)Math.Max(1, capacity)) + 2);
        _slots = new ulong[1L << bits];
        _shift = 64 - bits;
    }

    /// <summary>False where it was in the set already.</summary>
    public bool Add(int pre, int post)
    {
        var slot = Find(Key(pre, post));
        if (_slots[slot] != 0) return false;
        _slots[slot] = Key(pre, post);
        return true;
    }

    public bool Contains(int pre, int post) => _slots[Find(Key(pre, post))] != 0;

    public void Remove(int pre, int post)
    {
        var hole = Find(Key(pre, post));
        if (_slots[hole] == 0) return;
        _slots[hole] = 0;
        var mask = _slots.Length - 1;
        for (var at = (hole + 1) & mask; _slots[at] != 0; at = (at + 1) & mask)
        {
            var home = Home(_slots[at]);
            if (((at - home) & mask) < ((at - hole) & mask)) continue;
            (_slots[hole], _slots[at]) = (_slots[at], 0);
            hole = at;
        }
    }

    private int Find(ulong key)
    {
        var at = Home(key);
        while (_slots[at] != 0 && _slots[at] != key) at = (at + 1) & (_slots.Length - 1);
        return at;
    }

    private int Home(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> _shift);

    // Never 0: 0 marks an empty slot.
    private static ulong Key(int pre, int post) => (ulong)(uint)pre << 32 | ((uint)post + 1);
}
