namespace Connecto.Graph.DuckDb.Tests;

public sealed class ParquetTableTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    private string Table => Path.Combine(_scratch.Path, "t.parquet");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2048)]
    [InlineData(300_000)]
    public void Rows_stream_in_order(int rows)
    {
        Write($"SELECT range::BIGINT AS id, (range % 7)::INTEGER AS n, range / 8.0 AS x, 'v' || range AS t FROM range({rows})");
        using var table = ParquetTable.Open(Table);
        Assert.Equal(["id", "n", "x", "t"], table.Header);
        for (var i = 0; i < rows; i++)
        {
            Assert.True(table.Next());
            Assert.Equal((i + 1L, (ulong)i, i % 7, i / 8.0, $"v{i}"), (table.Row, table.Id(0), (int)table.Whole(1), table.Number(2), table.Text(3)));
        }
        Assert.False(table.Next());
    }

    [Theory]
    [InlineData("1::BIGINT", "1")]
    [InlineData("18446744073709551615::UBIGINT", "18446744073709551615")]
    [InlineData("'720575940621039145'", "720575940621039145")]
    [InlineData("7::UTINYINT", "7")]
    public void Ids_come_in_many_types(string sql, string id)
    {
        Write($"SELECT {sql} AS id");
        using var table = ParquetTable.Open(Table);
        Assert.True(table.Next());
        Assert.Equal(id, table.Id(0).ToString());
    }

    [Theory]
    [InlineData("-1::BIGINT")]
    [InlineData("NULL::BIGINT")]
    [InlineData("8.6e17::DOUBLE")]
    [InlineData("'x'")]
    public void What_is_no_id_is_refused_with_its_row(string sql)
    {
        Write($"SELECT {sql} AS id");
        using var table = ParquetTable.Open(Table);
        Assert.True(table.Next());
        Assert.Contains("Row 1 of", Assert.Throws<InvalidDataException>(() => table.Id(0)).Message);
    }

    [Fact]
    public void A_number_that_is_none_is_refused()
    {
        Write("SELECT 'nan'::DOUBLE AS x");
        using var table = ParquetTable.Open(Table);
        Assert.True(table.Next());
        Assert.Throws<InvalidDataException>(() => table.Number(0));
    }

    [Fact]
    public void The_model_of_2024_is_imported_with_its_signs()
    {
        Write(
            "SELECT * FROM (VALUES (720575940600000001::BIGINT, 720575940600000002::BIGINT, 0::BIGINT, 1::BIGINT, 4::BIGINT, 1::BIGINT, 4::BIGINT), " +
            "(720575940600000002, 720575940600000001, 1, 0, 6, -1, -6)) AS t(Presynaptic_ID, Postsynaptic_ID, Presynaptic_Index, Postsynaptic_Index, " +
            "Connectivity, Excitatory, \"Excitatory x Connectivity\")");
        var source = new ImportSource(Table, file => ParquetTable.Open(file));
        Assert.Equal("shiu", ImportKind.Detect(source).Name);
        using var c = ImportKind.Of("shiu").Read(source, new()).Store(Path.Combine(_scratch.Path, "out"));
        Assert.Equal([4, 6], c.ContactCounts.ToArray());
        Assert.Equal([1, -1], c.Signs.ToArray());
        Assert.Equal(720575940600000001UL, c.IdOf(0));
    }

    [Fact]
    public void Cave_positions_may_be_lists()
    {
        Write("SELECT 5::BIGINT AS id, 10::BIGINT AS pre_pt_root_id, 20::BIGINT AS post_pt_root_id, 7.0::FLOAT AS size, [1, 2, 3] AS ctr_pt_position");
        using var c = ImportKind.Of("cave").Read(new ImportSource(Table, file => ParquetTable.Open(file)), new ImportOptions { Voxel = new(40, 4, 4) })
            .Store(Path.Combine(_scratch.Path, "out"));
        Assert.Equal([new Synapse(5, 10, 20, new(120, 8, 4), default, default, 7, 0, 0)], c.Synapses.Rows());
    }

    [Fact]
    public void A_file_that_was_cut_short_is_refused()
    {
        Write("SELECT range AS id FROM range(100000)");
        var whole = File.ReadAllBytes(Table);
        File.WriteAllBytes(Table, whole[..(whole.Length / 2)]);
        Assert.Contains("cannot be read as Parquet", Assert.Throws<InvalidDataException>(() => ParquetTable.Open(Table)).Message);
        File.Delete(Table);
        Assert.Throws<FileNotFoundException>(() => ParquetTable.Open(Table));
    }

    private void Write(string select)
    {
        using var database = DuckDatabase.OpenMemory();
        database.Execute($"COPY ({select}) TO {DuckDatabase.Literal(Table)} (FORMAT parquet)");
    }
}
