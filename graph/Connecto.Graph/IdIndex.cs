using System.Numerics;

namespace Connecto.Graph;

/// <summary>Dense index of a sorted list of ids. A segmentation's ids are mostly 1..n and are looked up in a table;
/// scattered ids (FlyWire's pass 2^59) go through an open-addressing hash at most half full.</summary>
internal sealed class IdIndex
{
    private readonly ulong[] _ids;
    private readonly int[]? _table;
    private readonly int[] _slots = [];
    private readonly int _shift;

    /// <param name="ids">Strictly ascending; kept, not copied.</param>
    public IdIndex(ulong[] ids)
    {
        _ids = ids;
        if (ids.Length == 0 || ids[^1] < 4 * (ulong)ids.Length + 1024)
        {
            _table = new int[ids.Length == 0 ? 0 : (int)ids[^1] + 1];
            for (var i = 0; i < ids.Length; i++) _table[ids[i]] = i + 1;
            return;
        }
        var bits = BitOperations.Log2((uint)ids.Length) + 2;
        _shift = 64 - bits;
        _slots = new int[1 << bits];
        for (var i = 0; i < ids.Length; i++)
        {
            var slot = SlotOf(ids[i]);
            while (_slots[slot] != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = i + 1;
        }
    }

    /// <summary>The index of an id, or -1.</summary>
    public int Find(ulong id)
    {
        if (_table is not null) return id < (ulong)_table.Length ? _table[id] - 1 : -1;
        for (var slot = SlotOf(id); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            var at = _slots[slot] - 1;
            if (at < 0 || _ids[at] == id) return at;
        }
    }

    private int SlotOf(ulong id) => (int)((id * 0x9E3779B97F4A7C15) >> _shift);
}
