namespace Connecto.Segmentation;

/// <summary>What was measured on the faces between two touching fragments.</summary>
/// <param name="PlaneFaces">Faces across y and x.</param>
/// <param name="PlaneSum">Sum of their affinities, each in [0, 255].</param>
/// <param name="ZFaces">Faces across z: the overlap of the two in neighbouring sections, in voxels.</param>
/// <param name="ZSum">Sum of their affinities.</param>
public readonly record struct Contact(long PlaneFaces, long PlaneSum, long ZFaces, long ZSum)
{
    /// <summary>Both together.</summary>
    public static Contact operator +(Contact a, Contact b) =>
        new(a.PlaneFaces + b.PlaneFaces, a.PlaneSum + b.PlaneSum, a.ZFaces + b.ZFaces, a.ZSum + b.ZSum);
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
