using System.Text.Json;
using Connecto.Graph.DuckDb;

namespace Connecto.Cli.Tests;

public sealed class SimulateCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-simulate-").FullName;

    private string Graph => Path.Combine(_root, "graph");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task An_import_spikes_and_its_spikes_and_rates_become_tables()
    {
        await Import("pre,post,count\n1,2,200\n2,3,200\n3,1,-50\n4,3,1\n");
        string spikes = Path.Combine(_root, "spikes.parquet"), rates = Path.Combine(_root, "rates.parquet");
        var (code, text, error) = await CommandRun.Of(
            "simulate", Graph, "--model", "lif", "--stimulate", "1", "--seconds", "0.5", "--trials", "3", "--seed", "4",
            "--record", spikes, "--rates", rates, "--json");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(text);
        var total = json.RootElement.GetProperty("trials").EnumerateArray().Sum(t => t.GetProperty("spikes").GetInt64());
        Assert.Equal("1", json.RootElement.GetProperty("active")[0].GetProperty("id").GetString());
        Assert.InRange(total, 100, long.MaxValue);
        using (var table = ParquetTable.Open(spikes))
        {
            Assert.Equal(["trial", "neuron", "step", "time_ms"], table.Header);
            var rows = new List<(long, long, ulong)>();
            while (table.Next())
            {
                rows.Add((table.Whole(0), table.Whole(2), table.Id(1)));
                Assert.Equal(table.Whole(2) * 0.1, table.Number(3), 1e-9);
            }
            Assert.Equal(total, rows.Count);
            Assert.Equal(rows.Order(), rows);
        }
        using (var table = ParquetTable.Open(rates))
        {
            var (ids, sum) = (new List<ulong>(), 0L);
            while (table.Next())
            {
                ids.Add(table.Id(0));
                sum += table.Whole(1);
                Assert.Equal(table.Whole(1) / 1.5, table.Number(2), 1e-9);
            }
            Assert.Equal([1UL, 2, 3, 4], ids);
            Assert.Equal(total, sum);
        }
    }

    [Fact]
    public async Task Currents_silencing_and_threads_do_what_they_say()
    {
        await Import("pre,post,count\n1,2,200\n2,3,200\n");
        var all = await Spikes("--stimulate", "1", "--current-mv", "12");
        Assert.Equal(["1", "2", "3"], all.Order());
        Assert.Equal(all, await Spikes("--stimulate", "1", "--current-mv", "12", "--threads", "3"));
        Assert.Equal(["1", "2"], (await Spikes("--stimulate", "1", "--current-mv", "12", "--silence", "2")).Order());
        Assert.Equal(["1"], await Spikes("--stimulate", "1", "--current-mv", "12", "--silence", "2", "--silence-firing"));
        Assert.Empty(await Spikes("--stimulate", "1", "--current-mv", "6.9"));
    }

    [Fact]
    public async Task Mistakes_are_told_in_a_line_and_nothing_is_written()
    {
        await Import("pre,post,count\n1,2,200\n");
        await Refused("neither rate nor lif", "--model", "izhikevich");
        await Refused("belongs to --model lif", "--seconds", "1");
        await Refused("'9' is no id", "--model", "lif", "--stimulate", "9");
        await Refused("--trials must be", "--model", "lif", "--trials", "0");
        await Refused("--excitatory must be", "--model", "lif", "--excitatory", "2");
        await Refused("0 s are not", "--model", "lif", "--seconds", "0", "--record", Path.Combine(_root, "s.parquet"));
        await Refused("does not exist", "--model", "lif", "--record", Path.Combine(_root, "no", "s.parquet"));
        Assert.False(File.Exists(Path.Combine(_root, "s.parquet")));
    }

    [Fact]
    public async Task The_benchmark_has_a_row_for_each_number_of_threads()
    {
        var file = Path.Combine(_root, "rows.json");
        var (code, _, error) = await CommandRun.Of(
            "bench", "simulate", "--graph", "brain,brain-10pct", "--neurons", "300", "--edges", "3000", "--seconds", "0.05", "--rounds", "1",
            "--python", "none", "--json", file);
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        Assert.Equal(4, json.RootElement.GetArrayLength());
        var row = json.RootElement[0];
        Assert.Equal((300, 3000), (row.GetProperty("neurons").GetInt32(), row.GetProperty("edges").GetInt32()));
        Assert.InRange(row.GetProperty("bytesPerEdge").GetDouble(), 6, 8);
    }

    private async Task Import(string rows)
    {
        var file = Path.Combine(_root, "edges.csv");
        File.WriteAllText(file, rows);
        var (code, _, error) = await CommandRun.Of("import", "edges", file, "--count", "count", "--out", Graph);
        Assert.True(code == 0, error);
    }

    private async Task<string[]> Spikes(params string[] options)
    {
        var (code, text, error) = await CommandRun.Of(["simulate", Graph, "--model", "lif", "--json", "--seconds", "0.3", .. options]);
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(text);
        return [.. json.RootElement.GetProperty("active").EnumerateArray().Select(n => n.GetProperty("id").GetString()!)];
    }

    private async Task Refused(string words, params string[] options)
    {
        var (code, _, error) = await CommandRun.Of(["simulate", Graph, .. options]);
        Assert.Equal(2, code);
        Assert.Contains(words, error);
    }
}
