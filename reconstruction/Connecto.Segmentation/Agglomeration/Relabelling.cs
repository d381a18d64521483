using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Which segment each fragment belongs to.</summary>
public sealed class Relabelling
{
    private readonly ulong[] _fragments;
    private readonly ulong[] _segments;

    /// <summary>Makes a relabelling.</summary>
    /// <param name="fragments">Fragment ids, ascending, without 0; kept.</param>
    /// <param name="segments">The segment of each; kept.</param>
    /// <exception cref="ArgumentException">Lengths differ, or ids do not ascend.</exception>
    public Relabelling(ulong[] fragments, ulong[] segments)
    {
        if (fragments.Length != segments.Length)
            throw new ArgumentException($"{fragments.Length} fragments cannot have {segments.Length} segments.");
        for (var i = 0; i < fragments.Length; i++)
            if (fragments[i] <= (i == 0 ? 0 : fragments[i - 1]))
                throw new ArgumentException($"Fragment ids must ascend from 1; {fragments[i]} does not.",
                    nameof(fragments));
        (_fragments, _segments) = (fragments, segments);
        SegmentCount = segments.Length == 0 ? 0 : segments.Distinct().LongCount();
    }

    /// <summary>Fragment ids, ascending.</summary>
    public ReadOnlySpan<ulong> Fragments => _fragments;

    /// <summary>The segment of each fragment.</summary>
    public ReadOnlySpan<ulong> Segments => _segments;

    /// <summary>Number of segments.</summary>
    public long SegmentCount { get; }

    /// <summary>The segment of a fragment; 0 for 0.</summary>
    /// <exception cref="KeyNotFoundException">The fragment is not known.</exception>
    public ulong this[ulong fragment]
    {
        get
        {
            if (fragment == 0) return 0;
            var index = Array.BinarySearch(_fragments, fragment);
            return index >= 0 ? _segments[index] : throw new KeyNotFoundException(
                $"Fragment {fragment} has no segment.");
        }
    }

    /// <summary>Replaces every fragment id by its segment, in place; 0 stays.</summary>
    /// <exception cref="KeyNotFoundException">A fragment is not known; voxels before it are relabelled
    /// already.</exception>
    /// <remarks>One look-up a run of equal ids along x; may run on several volumes at once.</remarks>
    public void Apply(Volume<ulong> fragments)
    {
        ulong last = 0, segment = 0;
        foreach (ref var id in fragments.Data.AsSpan())
        {
            if (id != last) (last, segment) = (id, this[id]);
            id = segment;
        }
    }
}
