namespace Connecto.Segmentation;

/// <summary>Finds the edge between two nodes: open addressing, linear probing, removal by shifting back.</summary>
internal sealed class NodePairTable
{
    private readonly ulong[] _keys;
    private readonly int[] _edges;
    private readonly int _mask;

    /// <summary>Room for so many pairs at once.</summary>
    public NodePairTable(int pairs)
    {
        var size = 16L;
        while (size < pairs * 3L / 2) size *= 2;
        if (size > 1 << 30)
            throw new ArgumentOutOfRangeException(nameof(pairs), $"{pairs} edges are too many for one graph.");
        (_keys, _edges, _mask) = (new ulong[size], new int[size], (int)size - 1);
        Array.Fill(_keys, ulong.MaxValue);
    }

    public int Find(int a, int b)
    {
        var key = Key(a, b);
        for (var at = Slot(key); ; at = (at + 1) & _mask)
        {
            if (_keys[at] == key) return _edges[at];
            if (_keys[at] == ulong.MaxValue) return -1;
        }
    }

    public void Add(int a, int b, int edge)
    {
        var key = Key(a, b);
        var at = Slot(key);
        while (_keys[at] != ulong.MaxValue) at = (at + 1) & _mask;
        (_keys[at], _edges[at]) = (key, edge);
    }

    public void Remove(int a, int b)
    {
        var key = Key(a, b);
        var hole = Slot(key);
        while (_keys[hole] != key) hole = (hole + 1) & _mask;
        for (var at = (hole + 1) & _mask; _keys[at] != ulong.MaxValue; at = (at + 1) & _mask)
        {
            // A key may move back to the hole unless its own slot lies after the hole.
            if (((at - Slot(_keys[at])) & _mask) < ((at - hole) & _mask)) continue;
            (_keys[hole], _edges[hole]) = (_keys[at], _edges[at]);
            hole = at;
        }
        _keys[hole] = ulong.MaxValue;
    }

    private static ulong Key(int a, int b) => a < b ? (ulong)(uint)a << 32 | (uint)b : (ulong)(uint)b << 32 | (uint)a;

    private int Slot(ulong key)
    {
        key *= 0x9E3779B97F4A7C15UL;
        return (int)(key >> 33) & _mask;
    }
}
