using Connecto.Segmentation;

namespace Connecto.Pipeline;

/// <summary>The segment of a fragment by place, not by search: fragments of a block are numbered without gaps.</summary>
internal sealed class SegmentOfFragment
{
    private readonly ulong[][] _segments;

    /// <summary>Takes a relabelling over; every fragment of every block is in it.</summary>
    public SegmentOfFragment(Relabelling relabelling, int blocks)
    {
        var counts = new int[blocks];
        var ids = relabelling.Fragments;
        foreach (var id in ids) counts[id >> 32]++;
        _segments = [.. counts.Select(c => new ulong[c])];
        for (var i = 0; i < ids.Length; i++) _segments[ids[i] >> 32][(uint)ids[i] - 1] = relabelling.Segments[i];
    }

    /// <summary>The segment of a fragment; 0 for 0.</summary>
    public ulong this[ulong fragment] => fragment == 0 ? 0 : _segments[fragment >> 32][(uint)fragment - 1];

    /// <summary>Replaces fragments by their segments.</summary>
    public void Rename(Span<ulong> ids)
    {
        foreach (ref var id in ids) id = this[id];
    }
}
