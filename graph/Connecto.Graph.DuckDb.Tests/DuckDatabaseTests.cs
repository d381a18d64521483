namespace Connecto.Graph.DuckDb.Tests;

public class DuckDatabaseTests
{
    [Fact]
    public void Memory_and_its_folder_arrive()
    {
        using var scratch = new Scratch();
        var folder = Path.Combine(scratch.Path, "spill");
        using var database = DuckDatabase.OpenMemory(new DuckOptions { MemoryBytes = 96 << 20, TemporaryDirectory = folder });
        var set = database.Query("SELECT current_setting('memory_limit') AS memory, current_setting('temp_directory') AS folder");
        Assert.Equal(("96.0 MiB", folder), ((string)set[0, 0]!, (string)set[0, 1]!));
        Assert.Equal(3_000_000L, database.Query(
            "SELECT count(*) FROM (SELECT (i * 7919) % 3000017 AS k, repeat('x', 40) || i AS t FROM range(3000000) r(i) ORDER BY k)")[0, 0]);
        using var other = DuckDatabase.OpenMemory();
        Assert.StartsWith(Path.GetTempPath(), (string)other.Query("SELECT current_setting('temp_directory')")[0, 0]!);
    }

    [Fact]
    public void The_library_is_the_version_that_the_build_names() =>
        Assert.Equal("v1.5.6", DuckDatabase.LibraryVersion);

    [Theory]
    [InlineData("true", true)]
    [InlineData("(-5)::TINYINT", (sbyte)-5)]
    [InlineData("300::SMALLINT", (short)300)]
    [InlineData("-70000", -70000)]
    [InlineData("5000000000", 5000000000L)]
    [InlineData("255::UTINYINT", (byte)255)]
    [InlineData("65535::USMALLINT", (ushort)65535)]
    [InlineData("4294967295::UINTEGER", uint.MaxValue)]
    [InlineData("18446744073709551615::UBIGINT", ulong.MaxValue)]
    [InlineData("0.5::FLOAT", 0.5f)]
    [InlineData("0.1::DOUBLE", 0.1)]
    [InlineData("'short'", "short")]
    [InlineData("'a text of more than twelve bytes, with žluťoučký kůň'", "a text of more than twelve bytes, with žluťoučký kůň")]
    [InlineData("'exactly12byt'", "exactly12byt")]
    [InlineData("''", "")]
    [InlineData("NULL", null)]
    [InlineData("'b'::ENUM('a', 'b')", "b")]
    public void A_value_comes_back_as_its_own_type(string sql, object? expected) =>
        Assert.Equal(expected, One(sql));

    [Fact]
    public void Wide_and_calendar_types_come_back_too()
    {
        Assert.Equal(Int128.Parse("170141183460469231731687303715884105727"), One("170141183460469231731687303715884105727::HUGEINT"));
        Assert.Equal((Int128)6, ((DuckColumn<Int128>)Column("SELECT sum(x) FROM (VALUES (1), (2), (3)) t(x)")).Values[0]);
        Assert.Equal(-1234.50m, One("-1234.50::DECIMAL(9, 2)"));
        Assert.Equal(0.001m, One("0.001::DECIMAL(4, 3)"));
        Assert.Equal(12345678901234567890.5, One("12345678901234567890.5::DECIMAL(30, 1)"));
        Assert.Equal(new DateOnly(1905, 2, 28), One("DATE '1905-02-28'"));
        Assert.Equal(new TimeOnly(13, 58, 1, 500), One("TIME '13:58:01.5'"));
        Assert.Equal(new DateTime(2026, 11, 22, 13, 58, 0), One("TIMESTAMP '2026-11-22 13:58:00'"));
        Assert.Equal(Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"), One("'0f8fad5b-d9cb-469f-a165-70867728950e'::UUID"));
        Assert.Equal(new byte[] { 0, 1, 255 }, One("'\\x00\\x01\\xFF'::BLOB"));
    }

    [Fact]
    public void Nested_values_come_back_as_lists_and_dictionaries()
    {
        Assert.Equal(new object?[] { 1, null, 3 }, One("[1, NULL, 3]"));
        Assert.Equal(new object?[] { 1.5f, 2.5f }, One("[1.5, 2.5]::FLOAT[2]"));
        var row = Assert.IsType<Dictionary<string, object?>>(One("{'a': 1, 'b': ['x', 'y']}"));
        Assert.Equal(1, row["a"]);
        Assert.Equal(new object?[] { "x", "y" }, row["b"]);
        var map = Assert.IsType<object?[]>(One("MAP {'k': 7}"));
        var entry = Assert.IsType<Dictionary<string, object?>>(Assert.Single(map));
        Assert.Equal(("k", 7), (entry["key"], entry["value"]));
    }

    [Fact]
    public void Lists_over_many_vectors_keep_to_their_rows()
    {
        using var db = DuckDatabase.OpenMemory();
        var table = db.Query("SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE range(i % 4) END l FROM range(5000) t(i) ORDER BY i");
        Assert.Equal(5000, table.RowCount);
        for (var i = 0; i < 5000; i++)
            Assert.Equal(i % 3 == 0 ? null : Enumerable.Range(0, i % 4).Select(v => (object?)(long)v).ToArray(), table[i, 1]);
    }

    [Fact]
    public void Nulls_keep_to_their_rows_over_many_vectors()
    {
        using var db = DuckDatabase.OpenMemory();
        var table = db.Query("SELECT CASE WHEN i < 3000 OR i % 2 = 0 THEN i END v FROM range(6000) t(i) ORDER BY i");
        for (var i = 0; i < 6000; i++)
            Assert.Equal(i < 3000 || i % 2 == 0 ? (object?)(long)i : null, table[i, 0]);
        Assert.Throws<InvalidDataException>(() => table.Values<long>("v"));
        Assert.Throws<InvalidDataException>(() => table.Values<int>("v"));
        Assert.Throws<InvalidDataException>(() => table.Column("w"));
    }

    [Fact]
    public void A_wrong_statement_and_an_unread_type_say_so()
    {
        using var db = DuckDatabase.OpenMemory();
        Assert.Contains("nowhere", Assert.Throws<InvalidDataException>(() => db.Query("SELECT * FROM nowhere")).Message);
        Assert.Contains("cast it to VARCHAR", Assert.Throws<InvalidDataException>(() => db.Query("SELECT INTERVAL 1 DAY")).Message);
        Assert.Contains("beyond", Assert.Throws<InvalidDataException>(() => db.Query("SELECT 'infinity'::TIMESTAMP")).Message);
        Assert.Equal(1L, db.Query("SELECT 1::BIGINT")[0, 0]);
    }

    [Fact]
    public void A_table_filled_from_columns_holds_them()
    {
        using var db = DuckDatabase.OpenMemory();
        var ids = Enumerable.Range(0, 10_001).Select(i => ulong.MaxValue - (ulong)i).ToArray();
        db.CreateTable("odd \"name\"", ids.Length,
        [
            DuckSource.Of<ulong>("id", ids),
            DuckSource.Of<int>("order", (first, target) =>
            {
                for (var i = 0; i < target.Length; i++) target[i] = first + i;
            }),
        ]);
        var back = db.Query($"SELECT * FROM {DuckDatabase.Name("odd \"name\"")}");
        Assert.Equal(ids, back.Values<ulong>("id"));
        Assert.Equal(Enumerable.Range(0, ids.Length), back.Values<int>("order"));
        Assert.Throws<InvalidDataException>(() => db.CreateTable("odd \"name\"", 0, [DuckSource.Of<int>("x", Array.Empty<int>())]));
        Assert.Throws<NotSupportedException>(() => DuckSource.Of<decimal>("x", Array.Empty<decimal>()));
    }

    [Fact]
    public void A_database_file_of_any_name_keeps_its_tables()
    {
        using var folder = new Scratch();
        var path = Path.Combine(folder.Path, "dătă 'q' \"d\" 神経.duckdb");
        using (var db = DuckDatabase.Open(path)) db.Execute("CREATE TABLE t AS SELECT 42 AS x");
        using (var db = DuckDatabase.Open(path)) Assert.Equal(42, db.Query("SELECT x FROM t")[0, 0]);
        File.WriteAllText(path, "no database, but long enough to be looked at as one " + new string('x', 9000));
        Assert.Throws<InvalidDataException>(() => DuckDatabase.Open(path));
    }

    [Fact]
    public void A_long_statement_can_be_cancelled_and_the_database_lives_on()
    {
        using var db = DuckDatabase.OpenMemory();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        Assert.ThrowsAny<OperationCanceledException>(
            () => db.Query("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b", soon.Token));
        Assert.Equal(2, db.Query("SELECT 2")[0, 0]);
    }

    [Fact]
    public void A_disposed_database_refuses()
    {
        var db = DuckDatabase.OpenMemory();
        db.Dispose();
        db.Dispose();
        Assert.Throws<ObjectDisposedException>(() => db.Query("SELECT 1"));
        Assert.Throws<ObjectDisposedException>(() => db.CreateTable("t", 0, [DuckSource.Of<int>("x", Array.Empty<int>())]));
    }

    private static DuckColumn Column(string sql)
    {
        using var db = DuckDatabase.OpenMemory();
        return db.Query(sql).Columns[0];
    }

    private static object? One(string expression) => Column($"SELECT {expression}")[0];
}
