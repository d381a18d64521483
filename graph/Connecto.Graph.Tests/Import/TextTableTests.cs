using System.IO.Compression;
using System.Text;

namespace Connecto.Graph.Tests;

public sealed class TextTableTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n")]
    [InlineData("a,b\r\n1,2\r\n3,4")]
    [InlineData("a\tb\n1\t2\n\n3\t4\n")]
    [InlineData("\uFEFFa;b\n1;2\n3;4\n\n")]
    [InlineData("\"a\",\"b\"\n\"1\",2\n3,\"4\"\n")]
    public void Rows_are_what_they_are_under_every_separator_and_line_break(string text)
    {
        using var table = new TextTable(_scratch.Write("t.csv", text));
        Assert.Equal(["a", "b"], table.Header);
        var rows = new List<(ulong, long)>();
        while (table.Next()) rows.Add((table.Id(0), table.Whole(1)));
        Assert.Equal([(1UL, 2L), (3, 4)], rows);
    }

    [Fact]
    public void Quotes_hold_separators_quotes_and_line_breaks()
    {
        using var table = new TextTable(_scratch.Write("t.csv", "a,b\n\"x, \"\"y\"\"\nz\",7\nlast,8\n"));
        Assert.True(table.Next());
        Assert.Equal(("x, \"y\"\nz", 7, 2L), (table.Text(0), table.Whole(1), table.Row));
        Assert.True(table.Next());
        Assert.Equal(("last", 4L), (table.Text(0), table.Row));
        Assert.False(table.Next());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void Pieces_of_any_length_from_the_stream_give_the_same_rows(int piece)
    {
        var random = new Random(piece);
        var text = new StringBuilder("id,text,number\n");
        var rows = new List<(ulong, string, double)>();
        for (var i = 0; i < 4000; i++)
        {
            var word = new string('x', random.Next(piece == 1000 ? 200 : 4)) + (random.Next(3) == 0 ? "," : "");
            rows.Add(((ulong)random.NextInt64(), word, random.Next(1000) / 8.0));
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{rows[^1].Item1},{(word.Contains(',') ? $"\"{word}\"" : word)},{rows[^1].Item3}\n");
        }
        using var table = new TextTable("t", new Pieces(Encoding.UTF8.GetBytes(text.ToString()), piece));
        foreach (var row in rows)
        {
            Assert.True(table.Next());
            Assert.Equal(row, (table.Id(0), table.Text(1), table.Number(2)));
        }
        Assert.False(table.Next());
    }

    [Theory]
    [InlineData("a,b,a\n1,2,3\n", "'a' twice")]
    [InlineData("", "empty")]
    [InlineData("a,b\n1,2\n3\n", "Row 3")]
    [InlineData("a,b\n1,2\n3,4,5\n", "Row 3")]
    [InlineData("a,b\n1,\"2\n", "Row 2")]
    [InlineData("a,b\n1,nan\n", "Row 2")]
    [InlineData("a,b\n1,NaN\n", "Row 2")]
    [InlineData("a,b\n1,1e999\n", "Row 2")]
    [InlineData("a,b\n1,2.5\n", "Row 2")]
    [InlineData("a,b\n1,2\n-1,2\n", "Row 3")]
    [InlineData("a,b\n18446744073709551616,2\n", "Row 2")]
    [InlineData("a,b\n8.64691136e17,2\n", "lost digits")]
    [InlineData("a,b\n,2\n", "Row 2")]
    public void What_is_wrong_is_refused_with_its_row(string text, string because)
    {
        var path = _scratch.Write("t.csv", text);
        var e = Assert.Throws<InvalidDataException>(() =>
        {
            using var table = new TextTable(path);
            while (table.Next()) _ = (table.Id(0), table.Whole(1));
        });
        Assert.Contains(because, e.Message);
        Assert.Contains("t.csv", e.Message);
        Assert.Contains("nothing was imported", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_gzip_that_was_cut_short_is_found()
    {
        var random = new Random(3);
        var text = "a,b\n" + string.Concat(Enumerable.Range(0, 30000).Select(_ => $"{random.Next()},{random.Next()}\n"));
        var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.ASCII.GetBytes(text));
        File.WriteAllBytes(_scratch.At("whole.csv.gz"), bytes.ToArray());
        Assert.Equal(30000, Count("whole.csv.gz"));
        File.WriteAllBytes(_scratch.At("cut.csv.gz"), bytes.ToArray()[..((int)bytes.Length / 2)]);
        var e = Assert.Throws<InvalidDataException>(() => Count("cut.csv.gz"));
        Assert.Contains("cut short", e.Message);
    }

    private int Count(string name)
    {
        using var table = new TextTable(_scratch.At(name));
        var rows = 0;
        while (table.Next()) rows++;
        return rows;
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
