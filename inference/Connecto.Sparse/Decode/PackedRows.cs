using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Decode;

/// <summary>What the lanes of a sum are.</summary>
internal enum LaneKind
{
    /// <summary>32-bit integers.</summary>
    Integers,

    /// <summary>Floats.</summary>
    Floats,
}

/// <summary>A matrix in the order in which a generated kernel reads it: groups of rows, each a run of masks (or scales)
/// and a run of values.</summary>
internal sealed unsafe class PackedRows
{
    /// <summary>Rows of the matrix; those missing in the last group have no entries.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows of a group.</summary>
    public required int GroupRows { get; init; }

    public required int Batch { get; init; }

    public required LaneKind Lanes { get; init; }

    /// <summary>Turns of the kernel's inner loop.</summary>
    public required int Words { get; init; }

    /// <summary>Columns that the inner loop covers.</summary>
    public required int PaddedColumns { get; init; }

    /// <summary>Bits or scales, as memory of that many bytes.</summary>
    public required AlignedFloats Masks { get; init; }

    /// <summary>Bytes of bits or scales of a group.</summary>
    public required int MaskBytes { get; init; }

    public required AlignedFloats Values { get; init; }

    /// <summary>Where each group's values begin, bytes, and where the last ends.</summary>
    public required long[] GroupStarts { get; init; }

    /// <summary>What the code loads besides.</summary>
    public AlignedFloats Constants { get; init; } = new(0);

    public int Groups => GroupStarts.Length - 1;

    /// <summary>Sums of a group.</summary>
    public int Sums => GroupRows * Batch;

    /// <summary>Bytes that all groups before one read.</summary>
    public long BytesBefore(int group) => GroupStarts[group] + (long)group * MaskBytes;
}
