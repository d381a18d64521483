namespace Connecto.Graph.DuckDb;

/// <summary>Copies a result, chunk by chunk, into columns.</summary>
internal static unsafe class ResultReader
{
    public static DuckTable Read(ref NativeResult result)
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
        var rows = 0;
        for (nint chunk; (chunk = NativeMethods.FetchChunk(result)) != 0;)
            try
            {
                var count = (int)NativeMethods.ChunkSize(chunk);
                for (var i = 0; i < builders.Length; i++)
                    builders[i].Append(NativeMethods.ChunkVector(chunk, (ulong)i), count);
                rows = checked(rows + count);
            }
            finally
            {
                NativeMethods.DestroyChunk(ref chunk);
            }
        return new DuckTable([.. builders.Select(b => b.Finish())], rows);
    }
}
