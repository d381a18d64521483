using System.Numerics;
using System.Runtime.CompilerServices;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Decode;

/// <summary>Packs bits and values, or all bytes, for their kernels.</summary>
/// <remarks>Bits are [group][word][row], values [group][word][step][row]: two sequential streams.</remarks>
internal static unsafe class MaskedPacking
{
    // A kernel loads whole vectors where fewer values are left.
    private const int Overrun = 64;

    public static PackedRows Pack<TValue>(BitmaskMatrix<TValue> matrix, DecodeShape shape) where TValue : unmanaged
    {
        var packed = Allocate(shape, matrix.Rows, matrix.Columns, shape.Rows * BitmaskMatrix.Words(matrix.Columns) * sizeof(ulong), matrix.NonZeros);
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
            packed.GroupStarts[group + 1] = (byte*)to - (byte*)packed.Values.Data;
        }
        return packed;
    }

    /// <summary>All places of a dense matrix [rows][columns].</summary>
    public static PackedRows PackDense(ReadOnlySpan<sbyte> weights, int rows, int columns, DecodeShape shape)
    {
        var words = BitmaskMatrix.Words(columns);
        var groups = (rows + shape.Rows - 1L) / shape.Rows;
        var packed = Allocate(shape, rows, columns, 0, groups * shape.Rows * words * DecodeShape.WordColumns);
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
            packed.GroupStarts[group + 1] = (byte*)to - (byte*)packed.Values.Data;
        }
        return packed;
    }

    private static PackedRows Allocate(DecodeShape shape, int rows, int columns, int maskBytes, long values)
    {
        var words = BitmaskMatrix.Words(columns);
        var groups = (int)((rows + shape.Rows - 1L) / shape.Rows);
        return new PackedRows
        {
            Rows = rows,
            GroupRows = shape.Rows,
            Batch = shape.Batch,
            Lanes = shape.InputBytes == 1 ? LaneKind.Integers : LaneKind.Floats,
            Words = words,
            PaddedColumns = words * DecodeShape.WordColumns,
            Masks = new AlignedFloats((long)groups * maskBytes / sizeof(float)),
            MaskBytes = maskBytes,
            Values = new AlignedFloats((values * shape.ValueBytes + Overrun) / sizeof(float)),
            GroupStarts = new long[groups + 1],
        };
    }
}
