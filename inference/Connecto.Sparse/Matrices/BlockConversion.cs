namespace Connecto.Sparse.Matrices;

/// <summary>Entries to blocks of four neighbours of a list, and back; all linear.</summary>
internal static class BlockConversion
{
    private const int Size = BlockCsrMatrix.BlockSize;

    /// <summary>The blocks of 1 x 4 that hold a matrix's entries.</summary>
    public static (SparsePattern Pattern, float[] Values, byte[] Stored) Gather(CsrMatrix matrix)
    {
        var columns = matrix.ColumnIndices;
        var starts = new int[matrix.Rows + 1];
        for (var row = 0; row < matrix.Rows; row++)
        {
            var (blocks, last) = (0, -1);
            foreach (var column in columns[matrix.RowStarts[row]..matrix.RowStarts[row + 1]])
                if (column / Size != last) (last, blocks) = (column / Size, blocks + 1);
            starts[row + 1] = starts[row] + blocks;
        }

        var indices = new int[starts[^1]];
        var values = new float[checked(indices.Length * Size)];
        var stored = new byte[indices.Length];
        for (var row = 0; row < matrix.Rows; row++)
        {
            var (block, last) = (starts[row] - 1, -1);
            for (var i = matrix.RowStarts[row]; i < matrix.RowStarts[row + 1]; i++)
            {
                if (columns[i] / Size != last) indices[++block] = last = columns[i] / Size;
                values[block * Size + columns[i] % Size] = matrix.Values[i];
                stored[block] |= (byte)(1 << columns[i] % Size);
            }
        }
        var across = matrix.Columns == 0 ? 0 : (matrix.Columns - 1) / Size + 1;
        return (new SparsePattern(matrix.Rows, across, starts, indices, "row", "block column"), values, stored);
    }

    /// <summary>The entries of blocks of 1 x 4.</summary>
    public static CsrMatrix Scatter(SparsePattern blocks, float[] values, byte[] stored, int columns)
    {
        var count = 0;
        foreach (var block in stored) count += byte.PopCount(block);
        var starts = new int[blocks.Lists + 1];
        var indices = new int[count];
        var entries = new float[count];
        var to = 0;
        for (var row = 0; row < blocks.Lists; row++)
        {
            for (var block = blocks.Starts[row]; block < blocks.Starts[row + 1]; block++)
                for (var i = 0; i < Size; i++)
                    if ((stored[block] & 1 << i) != 0)
                        (indices[to], entries[to++]) = (blocks.Indices[block] * Size + i, values[block * Size + i]);
            starts[row + 1] = to;
        }
        return new CsrMatrix(blocks.Lists, columns, starts, indices, entries);
    }

    /// <summary>The same blocks in the order of the other axis; each keeps its four places.</summary>
    public static (SparsePattern Pattern, float[] Values, byte[] Stored) Transpose(
        SparsePattern pattern, float[] values, byte[] stored)
    {
        var transposed = pattern.Transpose(out var places);
        var (moved, bits) = (new float[values.Length], new byte[stored.Length]);
        for (var i = 0; i < places.Length; i++)
        {
            values.AsSpan(i * Size, Size).CopyTo(moved.AsSpan(places[i] * Size));
            bits[places[i]] = stored[i];
        }
        return (transposed, moved, bits);
    }

    /// <summary>Which places of blocks are not +0.</summary>
    /// <exception cref="ArgumentException">There are not four values a block.</exception>
    public static byte[] NonZeroPlaces(int[] blocks, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length != (long)blocks.Length * Size)
            throw new ArgumentException(
                $"{blocks.Length} blocks take {(long)blocks.Length * Size} values; found {values.Length}.", nameof(values));
        var stored = new byte[blocks.Length];
        for (var i = 0; i < values.Length; i++)
            if (BitConverter.SingleToInt32Bits(values[i]) != 0) stored[i / Size] |= (byte)(1 << i % Size);
        return stored;
    }
}
