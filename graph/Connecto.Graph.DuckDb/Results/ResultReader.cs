namespace Connecto.Graph.DuckDb;

/// <summary>Copies a result, chunk by chunk, into columns.</summary>
internal static unsafe class ResultReader
{
    public static DuckTable Read(ref NativeResult result)
    {
        var builders = Builders(ref result);
        var rows = 0;
        for (nint chunk; (chunk = NativeMethods.FetchChunk(result)) != 0;) rows = checked(rows + Take(chunk, builders));
        return new DuckTable([.. builders.Select(b => b.Finish())], rows);
    }

    /// <summary>The next rows of a result that is worked out as it is read; null at the end.</summary>
    public static DuckTable? Next(ref NativeResult result)
    {
        var chunk = NativeMethods.FetchChunk(result);
        if (chunk == 0) return null;
        var builders = Builders(ref result);
        var rows = Take(chunk, builders);
        return new DuckTable([.. builders.Select(b => b.Finish())], rows);
    }

    private static ColumnBuilder[] Builders(ref NativeResult result)
    {
        var builders = new ColumnBuilder[(int)NativeMethods.ColumnCount(ref result)];
        for (var i = 0; i < builders.Length; i++)
        {
            var type = NativeMethods.ColumnLogicalType(ref result, (ulong)i);
            try
            {
                builders[i] = ColumnBuilder.For(NativeMethods.Text(NativeMethods.ColumnName(ref result, (ulong)i)), type)();
            }
            finally
            {
                NativeMethods.DestroyLogicalType(ref type);
            }
        }
        return builders;
    }

    /// <summary>Appends a chunk's rows and frees it.</summary>
    private static int Take(nint chunk, ColumnBuilder[] builders)
    {
        try
        {
            var count = (int)NativeMethods.ChunkSize(chunk);
            for (var i = 0; i < builders.Length; i++)
                builders[i].Append(NativeMethods.ChunkVector(chunk, (ulong)i), count);
            return count;
        }
        finally
        {
            NativeMethods.DestroyChunk(ref chunk);
        }
    }
}
