using System.Numerics;
using System.Runtime.CompilerServices;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Decode;

/// <summary>A matrix in the order in which a generated kernel reads it.</summary>
/// <remarks>Bits are [group][word][row], values [group][word][step][row]: two sequential streams. Rows that are missing
/// in the last group have no entries.</remarks>
internal sealed unsafe class PackedRows
{
    // A kernel loads whole vectors where fewer values are left.
    private const int Overrun = 64;

    private readonly long[] groupStarts;

    private PackedRows(DecodeShape shape, int rows, int columns, bool masked, long values)
    {
        (Shape, Rows) = (shape, rows);
        Words = BitmaskMatrix.Words(columns);
        Groups = (rows + shape.Rows - 1) / shape.Rows;
        groupStarts = new long[Groups + 1];
        Masks = new AlignedFloats(masked ? 2L * Groups * shape.Rows * Words : 0);
        Values = new AlignedFloats((values * shape.ValueBytes + Overrun) / sizeof(float));
    }

    public DecodeShape Shape { get; }

    public int Rows { get; }

    /// <summary>Words of 64 columns a row.</summary>
    public int Words { get; }

    public int Groups { get; }

    /// <summary>Bits, as memory of that many bytes.</summary>
    public AlignedFloats Masks { get; }

    public AlignedFloats Values { get; }

    /// <summary>Bytes of bits and values up to a group: what all groups before it read.</summary>
    public long BytesBefore(int group) => groupStarts[group] + (long)group * MaskBytes;

    /// <summary>Where a group's values begin, bytes.</summary>
    public long ValuesBefore(int group) => groupStarts[group];

    private int MaskBytes => Masks.Span.IsEmpty ? 0 : Shape.Rows * Words * sizeof(ulong);

    public static PackedRows Pack<TValue>(BitmaskMatrix<TValue> matrix, DecodeShape shape) where TValue : unmanaged
    {
        var packed = new PackedRows(shape, matrix.Rows, matrix.Columns, masked: true, matrix.NonZeros);
        var bits = (ulong*)packed.Masks.Data;
        var to = (TValue*)packed.Values.Data;
        var cursors = new int[shape.Rows];
        var steps = DecodeShape.WordColumns / shape.StepColumns;
        var stepBits = ulong.MaxValue >> (64 - shape.StepColumns);
        for (var group = 0; group < packed.Groups; group++)
        {
            var first = group * shape.Rows;
            var rows = Math.Min(shape.Rows, matrix.Rows - first);
            for (var i = 0; i < rows; i++) cursors[i] = matrix.RowStarts[first + i];
            for (var word = 0; word < packed.Words; word++, bits += shape.Rows)
            {
                for (var i = 0; i < rows; i++) bits[i] = matrix.Masks[(first + i) * packed.Words + word];
                for (var step = 0; step < steps; step++)
                    for (var i = 0; i < rows; i++)
                    {
                        var count = BitOperations.PopCount(bits[i] >> step * shape.StepColumns & stepBits);
                        matrix.Values.Slice(cursors[i], count).CopyTo(new Span<TValue>(to, count));
                        cursors[i] += count;
                        to += count;
                    }
            }
            packed.groupStarts[group + 1] = (byte*)to - (byte*)packed.Values.Data;
        }
        return packed;
    }

    /// <summary>All places of a dense matrix [rows][columns].</summary>
    public static PackedRows PackDense(ReadOnlySpan<sbyte> weights, int rows, int columns, DecodeShape shape)
    {
        var words = BitmaskMatrix.Words(columns);
        var groups = (rows + shape.Rows - 1L) / shape.Rows;
        var packed = new PackedRows(shape, rows, columns, masked: false, groups * shape.Rows * words * DecodeShape.WordColumns);
        var to = (sbyte*)packed.Values.Data;
        for (var group = 0; group < packed.Groups; group++)
        {
            for (var word = 0; word < words; word++)
                for (var i = 0; i < shape.Rows; i++, to += DecodeShape.WordColumns)
                {
                    var (row, column) = (group * shape.Rows + i, word * DecodeShape.WordColumns);
                    if (row >= rows) continue;
                    var count = Math.Min(DecodeShape.WordColumns, columns - column);
                    Unsafe.CopyBlockUnaligned(
                        ref *(byte*)to, ref Unsafe.As<sbyte, byte>(ref Unsafe.AsRef(in weights[row * columns + column])), (uint)count);
                }
            packed.groupStarts[group + 1] = (byte*)to - (byte*)packed.Values.Data;
        }
        return packed;
    }
}
