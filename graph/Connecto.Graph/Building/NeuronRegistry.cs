using System.Numerics;

namespace Connecto.Graph;

/// <summary>Numbers ids in the order they come: an open-addressing table at most half full, 24 bytes a neuron and more while
/// it grows. Memory follows the neurons, not the synapses.</summary>
internal sealed class NeuronRegistry
{
    private (ulong Id, int Number)[] _slots = new (ulong, int)[1 << 12];
    private int _shift = 64 - 12;

    public int Count { get; private set; }

    /// <summary>The ids, each at its number.</summary>
    public ulong[] Ids()
    {
        var ids = new ulong[Count];
        foreach (var (id, number) in _slots)
            if (id != 0)
                ids[number] = id;
        return ids;
    }

    /// <summary>The number of an id that is not 0, or -1.</summary>
    public int Find(ulong id)
    {
        for (var slot = SlotOf(id); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            ref readonly var at = ref _slots[slot];
            if (at.Id == id) return at.Number;
            if (at.Id == 0) return -1;
        }
    }

    /// <summary>The number of an id that is not 0, a new one if need be.</summary>
    public int FindOrAdd(ulong id)
    {
        for (var slot = SlotOf(id); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            ref var at = ref _slots[slot];
            if (at.Id == id) return at.Number;
            if (at.Id != 0) continue;
            at = (id, Count++);
            if (2 * Count > _slots.Length) Grow();
            return Count - 1;
        }
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new (ulong, int)[2 * old.Length];
        _shift = 64 - BitOperations.Log2((uint)_slots.Length);
        foreach (var entry in old)
        {
            if (entry.Id == 0) continue;
            var slot = SlotOf(entry.Id);
            while (_slots[slot].Id != 0) slot = (slot + 1) & (_slots.Length - 1);
            _slots[slot] = entry;
        }
    }

    private int SlotOf(ulong id) => (int)((id * 0x9E3779B97F4A7C15) >> _shift);
}
