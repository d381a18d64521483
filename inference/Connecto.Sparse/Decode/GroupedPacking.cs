using System.Runtime.InteropServices;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Decode;

/// <summary>Packs 4- and 3-bit weights for their kernel, as <see cref="GroupedShape"/> says.</summary>
/// <remarks>Weights are [group of rows][block][row], scales likewise: two sequential streams.</remarks>
internal static unsafe class GroupedPacking
{
    public static PackedRows Pack(GroupedMatrix matrix, GroupedShape shape)
    {
        var blocks = (int)((matrix.Columns + (long)shape.BlockColumns - 1) / shape.BlockColumns);
        var groups = (int)((matrix.Rows + shape.Rows - 1L) / shape.Rows);
        var (scaleBytes, valueBytes) = (shape.Rows * blocks * shape.ScaleWords * sizeof(int), shape.Rows * (long)blocks * shape.BlockBytes);
        var constants = GroupedEmitter.ConstantWords(shape);
        var packed = new PackedRows
        {
            Rows = matrix.Rows,
            GroupRows = shape.Rows,
            Batch = shape.Batch,
            Lanes = LaneKind.Floats,
            Words = blocks,
            PaddedColumns = blocks * shape.BlockColumns,
            Masks = new AlignedFloats((long)groups * scaleBytes / sizeof(float)),
            MaskBytes = scaleBytes,
            Values = new AlignedFloats(groups * valueBytes / sizeof(float)),
            GroupStarts = [.. Enumerable.Range(0, groups + 1).Select(g => g * valueBytes)],
            Constants = new AlignedFloats(constants.Length),
        };
        constants.CopyTo(MemoryMarshal.Cast<float, int>(packed.Constants.Span));
        var scales = (BFloat16*)packed.Masks.Data;
        var values = (byte*)packed.Values.Data;
        for (var group = 0; group < groups; group++)
            for (var block = 0; block < blocks; block++)
                for (var i = 0; i < shape.Rows; i++, values += shape.BlockBytes, scales += 2 * shape.ScaleWords)
                {
                    var row = group * shape.Rows + i;
                    if (row >= matrix.Rows) continue;
                    PackBlock(matrix, shape, row, block * shape.BlockColumns, values);
                    var first = block * shape.BlockColumns / shape.Group;
                    for (var s = 0; s < 2 * shape.ScaleWords && first + s < matrix.GroupsPerRow; s++)
                        scales[s] = matrix.Scales[row * matrix.GroupsPerRow + first + s];
                }
        return packed;
    }

    private static void PackBlock(GroupedMatrix matrix, GroupedShape shape, int row, int first, byte* to)
    {
        for (var slice = 0; slice < shape.Slices; slice++)
            for (var j = 0; j < GroupedShape.SliceColumns; j++)
            {
                var column = first + slice * GroupedShape.SliceColumns + shape.ColumnOf(j);
                if (column >= matrix.Columns) continue;
                var value = matrix.Value(row, column);
                if (shape.Bits == 4) to[j] |= (byte)((value & 15) << 4 * slice);
                else
                {
                    to[slice / 4 * 64 + j] |= (byte)((value >> 1 & 3) << slice % 4 * 2);
                    to[2 * 64 + j] |= (byte)((value & 1) << slice);
                }
            }
    }
}
