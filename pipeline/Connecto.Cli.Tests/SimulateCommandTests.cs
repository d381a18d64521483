using System.Diagnostics;
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
    public async Task Signs_by_transmitter_are_obeyed_and_recorded()
    {
        await Import("pre,post,count\n1,2,200\n2,3,200\n");
        var (has, does) = (Path.Combine(_root, "has.csv"), Path.Combine(_root, "does.csv"));
        File.WriteAllText(has, "id,transmitter\n2,glut\n");
        File.WriteAllText(does, "transmitter,sign\nglut,1\n");
        Assert.Equal(["1", "2"], (await Spikes("--stimulate", "1", "--transmitters", has)).Order());
        Assert.Equal(["1", "2", "3"], (await Spikes("--stimulate", "1", "--transmitters", has, does)).Order());
        var (_, text, _) = await CommandRun.Of("simulate", Graph, "--model", "lif", "--seconds", "0.01", "--transmitters", has, "--json");
        using var json = JsonDocument.Parse(text);
        Assert.StartsWith(
            "has.csv sha256:", json.RootElement.GetProperty("recipe").GetProperty("transmitters").GetProperty("tables")[0].GetString(), StringComparison.Ordinal);
        await Refused("one or the other", "--model", "lif", "--transmitters", has, "--excitatory", "0.5");
        await Refused("no column 'nt'", "--model", "lif", "--transmitter-column", "nt");
        await Refused("does not exist", "--model", "lif", "--transmitters", Path.Combine(_root, "no.csv"));
    }

    [MpiFact]
    public async Task Processes_over_mpi_write_the_spikes_of_one_and_the_first_prints()
    {
        await Import("pre,post,count\n1,2,200\n2,3,200\n3,4,150\n4,5,90\n5,1,-50\n2,5,30\n");
        string alone = Path.Combine(_root, "alone.parquet"), shared = Path.Combine(_root, "shared.parquet");
        string[] run = ["simulate", Graph, "--model", "lif", "--stimulate", "1,4", "--seconds", "0.3", "--trials", "2", "--threads", "1", "--json", "--record"];
        Assert.Equal(0, (await CommandRun.Of([.. run, alone])).Code);
        var program = Path.Combine(AppContext.BaseDirectory, "connecto");
        var start = new ProcessStartInfo("mpirun", ["-np", "2", "--oversubscribe", "--allow-run-as-root", program, .. run, shared, "--mpi"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // mpirun lays a terminal under its processes; a dumb one gets no codes before the JSON.
            Environment = { ["TERM"] = "dumb" },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        using var json = JsonDocument.Parse(text);
        var rows = Rows(alone);
        Assert.True(rows.Count > 100);
        Assert.Equal(rows, Rows(shared));
        Assert.Equal(rows.Count, json.RootElement.GetProperty("trials").EnumerateArray().Sum(t => t.GetProperty("spikes").GetInt64()));
    }

    [Fact]
    public async Task Mistakes_are_told_in_a_line_and_nothing_is_written()
    {
        await Import("pre,post,count\n1,2,200\n");
        await Refused("neither rate nor lif", "--model", "izhikevich");
        await Refused("belongs to --model lif", "--seconds", "1");
        await Refused("--mpi belongs to --model lif", "--mpi");
        await Refused("--mpi needs OpenMPI's mpirun", "--model", "lif", "--mpi");
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

    private static List<(long Trial, ulong Neuron, long Step)> Rows(string path)
    {
        using var table = ParquetTable.Open(path);
        var rows = new List<(long, ulong, long)>();
        while (table.Next()) rows.Add((table.Whole(0), table.Id(1), table.Whole(2)));
        return rows;
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
