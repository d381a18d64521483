using System.Text.Json;

namespace Connecto.Cli.Tests;

public sealed class EvaluateCleftsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-clefts-").FullName;

    private static string Phantom { get; } = Path.Combine(Root(), "data-samples", "phantom");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_truth_against_itself_is_without_fault_in_the_sections_that_are_named()
    {
        var truth = Path.Combine(Phantom, "clefts");
        var (code, output, error) = await CommandRun.Of(
            "evaluate", "clefts", "--result", truth, "--truth", truth, "--sections", "2-9", "--json");
        Assert.True(code == 0, error);
        using var report = JsonDocument.Parse(output);
        Assert.Equal(0, report.RootElement.GetProperty("cremi").GetDouble());
        Assert.Equal(1, report.RootElement.GetProperty("map").GetProperty("f1").GetDouble());
        Assert.False(report.RootElement.TryGetProperty("reported", out _));
    }

    [Fact]
    public async Task A_run_is_scored_by_its_map_and_by_the_synapses_it_reports()
    {
        var run = Path.Combine(_root, "run");
        Assert.Equal(0, (await CommandRun.Of("run", Phantom, "--sections", "0-9", "--out", run)).Code);
        var (code, output, error) = await CommandRun.Of(
            "evaluate", "clefts", "--result", run, "--truth", Path.Combine(Phantom, "clefts"), "--sections", "0-9");
        Assert.True(code == 0, error);
        Assert.Contains("reported synapses (within 200 nm)", output);
        Assert.Contains("CREMI score", output);
        (code, _, error) = await CommandRun.Of("evaluate", "clefts", "--result", run, "--truth", Path.Combine(Phantom, "clefts"));
        Assert.Equal(2, code);
        Assert.Contains("--sections must name those of the truth", error);
    }

    [Fact]
    public async Task An_unknown_voxel_size_is_asked_for()
    {
        var folder = Path.Combine(_root, "clefts");
        Directory.CreateDirectory(folder);
        foreach (var slice in Directory.EnumerateFiles(Path.Combine(Phantom, "clefts"), "*.png").Take(2))
            File.Copy(slice, Path.Combine(folder, Path.GetFileName(slice)));
        var (code, _, error) = await CommandRun.Of("evaluate", "clefts", "--result", folder, "--truth", folder);
        Assert.Equal(2, code);
        Assert.Contains("give --voxel-size z,y,x", error);
        Assert.Equal(0, (await CommandRun.Of("evaluate", "clefts", "--result", folder, "--truth", folder, "--voxel-size", "50,4,4")).Code);
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Connecto.sln"))) directory = directory.Parent;
        return directory.FullName;
    }
}
