using System.Text.Json;
using Connecto.BrainNetworks;

namespace Connecto.Cli.Tests;

public sealed class BenchColumnsTests
{
    [Fact]
    public async Task A_mapped_file_gives_the_same_spikes_in_a_process_of_its_own()
    {
        var root = Directory.CreateTempSubdirectory("connecto-columns-").FullName;
        var file = Path.Combine(root, "columns.json");
        var (code, said, error) = await CommandRun.Of(
            "bench", "columns", "--neurons", "5000", "--targets", "40", "--seconds", "0.2", "--threads", "1", "--limit-mib", "400", "--work", root, "--json", file);
        Assert.True(code == 0, error);
        Assert.Contains("the same, every one", said);
        using var report = JsonDocument.Parse(File.ReadAllText(file));
        Assert.True(report.RootElement.GetProperty("sameSpikes").GetBoolean());
        Assert.True(report.RootElement.GetProperty("memory").GetProperty("spikes").GetInt64() > 1000);
        Assert.Equal(64 + 8 * 5001 + 6 * 5000 * 40, report.RootElement.GetProperty("fileBytes").GetInt64());
        Assert.Equal(["columns.json"], Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName));
        Directory.Delete(root, recursive: true);
    }

    [MpiFact]
    public async Task Two_processes_over_mpi_give_the_spikes_of_one()
    {
        var root = Directory.CreateTempSubdirectory("connecto-mpi-").FullName;
        var file = Path.Combine(root, "mpi.json");
        var (code, said, error) = await CommandRun.Of(
            "bench", "columns", "--neurons", "5000", "--targets", "40", "--seconds", "0.2", "--threads", "1", "--processes", "2", "--limit-mib", "1500",
            "--work", root, "--json", file);
        Assert.True(code == 0, error);
        Assert.Contains("the same, every one", said);
        using var report = JsonDocument.Parse(File.ReadAllText(file));
        Assert.True(report.RootElement.GetProperty("memory").GetProperty("spikes").GetInt64() > 1000);
        Assert.Equal(
            report.RootElement.GetProperty("memory").GetProperty("events").GetInt64(), report.RootElement.GetProperty("mapped").GetProperty("events").GetInt64());
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task A_connectome_becomes_a_file_of_columns()
    {
        var root = Directory.CreateTempSubdirectory("connecto-columns-").FullName;
        var (edges, output, columns) = (Path.Combine(root, "edges.csv"), Path.Combine(root, "out"), Path.Combine(root, "synapses.columns"));
        File.WriteAllText(edges, "pre,post,contacts\n1,2,3\n2,3,4\n3,1,1\n");
        Assert.Equal(0, (await CommandRun.Of("import", edges, "--out", output)).Code);
        var (code, said, error) = await CommandRun.Of("export", "columns", output, "--out", columns, "--sign", "fraction");
        Assert.True(code == 0, error);
        Assert.Contains("3 connections", said);
        Assert.Equal(64 + 8 * 4 + 6 * 3, new FileInfo(columns).Length);
        Assert.Equal(2, (await CommandRun.Of("export", "columns", output, "--out", columns, "--scaling", "in-degree")).Code);
        Assert.Equal(0, (await CommandRun.Of("bench", "columns", "--file", columns, "--seconds", "0.01")).Code);
        Assert.Equal(2, (await CommandRun.Of("bench", "columns", "--file", edges)).Code);
        Directory.Delete(root, recursive: true);
    }
}

/// <summary>A test that needs OpenMPI: mpirun and its library.</summary>
public sealed class MpiFactAttribute : FactAttribute
{
    public MpiFactAttribute()
    {
        var mpirun = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "mpirun")));
        if (!mpirun || !MpiExchange.IsInstalled) Skip = "OpenMPI is not installed (Debian: openmpi-bin).";
    }
}
