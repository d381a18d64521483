namespace Connecto.Segmentation;

/// <summary>The affinities, each in [0, 255], on the faces of one kind between two touching fragments.</summary>
/// <param name="Count">Number of faces.</param>
/// <param name="Sum">Sum of affinities.</param>
/// <param name="Squares">Sum of their squares.</param>
public readonly record struct Faces(long Count, long Sum, long Squares)
{
    /// <summary>One face.</summary>
    public static Faces Of(byte affinity) => new(1, affinity, affinity * affinity);

    /// <summary>Both together.</summary>
    public static Faces operator +(Faces a, Faces b) => new(a.Count + b.Count, a.Sum + b.Sum, a.Squares + b.Squares);
}

/// <summary>What was measured on the faces between two touching fragments, A below B by id.</summary>
/// <param name="Plane">Faces across y and x.</param>
/// <param name="Z">Faces across z; their count is the overlap of the two in neighbouring sections, in voxels.</param>
/// <param name="Interior">Those of the faces across z whose two voxels both lie inside a cell: the affinities to their
/// lower neighbours in y and x are 128 or more.</param>
/// <param name="Rising">How many of the faces across z have B on their upper side.</param>
public readonly record struct Contact(Faces Plane, Faces Z, Faces Interior, long Rising)
{
    /// <summary>Both together.</summary>
    public static Contact operator +(Contact a, Contact b) =>
        new(a.Plane + b.Plane, a.Z + b.Z, a.Interior + b.Interior, a.Rising + b.Rising);
}

/// <summary>The graph of fragments that touch, with the affinities on their common faces.</summary>
/// <remarks>Made by <see cref="RegionGraphBuilder"/>. Immutable; nodes and edges are sorted, so equal input gives equal
/// graphs however it was cut into blocks.</remarks>
public sealed class RegionGraph
{
    private readonly ulong[] _fragments;
    private readonly long[] _sizes;
    private readonly int[] _a, _b;
    private readonly Contact[] _contacts;

    internal RegionGraph(ulong[] fragments, long[] sizes, int[] a, int[] b, Contact[] contacts) =>
        (_fragments, _sizes, _a, _b, _contacts) = (fragments, sizes, a, b, contacts);

    /// <summary>Fragment ids, ascending, without 0. An edge names its ends by their place in this list.</summary>
    public ReadOnlySpan<ulong> Fragments => _fragments;

    /// <summary>Voxels of each fragment.</summary>
    public ReadOnlySpan<long> Sizes => _sizes;

    /// <summary>Number of edges.</summary>
    public int EdgeCount => _a.Length;

    /// <summary>The lower end of each edge, as an index into <see cref="Fragments"/>; edges ascend by (A, B).</summary>
    public ReadOnlySpan<int> A => _a;

    /// <summary>The upper end of each edge; larger than A.</summary>
    public ReadOnlySpan<int> B => _b;

    /// <summary>The measurements of each edge.</summary>
    public ReadOnlySpan<Contact> Contacts => _contacts;
}
