using System.Text.Json;

namespace Connecto.Cli.Tests;

public sealed class BenchPipelineTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("connecto-bench-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_row_a_stage_and_one_for_all_with_exactly_five_fields()
    {
        var file = Path.Combine(root, "pipeline.json");
        var (code, output, error) = await CommandRun.Of(
            "bench", "pipeline", "--shape", "4,64,72", "--voxel-size", "40,4,4", "--threads", "2", "--json", file);
        Assert.True(code == 0, error);
        using var report = JsonDocument.Parse(File.ReadAllText(file));
        var rows = report.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal(["ingest", "align", "predict", "segment", "all"], rows.Select(r => r.GetProperty("stage").GetString()));
        foreach (var row in rows)
        {
            Assert.Equal(
                ["stage", "voxels", "seconds", "mvoxelsPerSecond", "peakMemoryBytes"], row.EnumerateObject().Select(f => f.Name));
            Assert.Equal(4 * 64 * 72, row.GetProperty("voxels").GetInt64());
            Assert.True(row.GetProperty("peakMemoryBytes").GetInt64() > 1 << 20);
        }
        var seconds = rows.Select(r => r.GetProperty("seconds").GetDouble()).ToList();
        Assert.Equal(seconds[4], seconds[..4].Sum(), 1e-9);
        Assert.Equal(1, report.RootElement.GetProperty("shares").EnumerateObject().Sum(s => s.Value.GetDouble()), 1e-9);
        var kmac = report.RootElement.GetProperty("kmac");
        Assert.True(kmac.GetProperty("dense").GetDouble() >= kmac.GetProperty("sparse").GetDouble());
        Assert.InRange(report.RootElement.GetProperty("bound").GetProperty("stage").GetDouble(), 1e-6, 2);
        Assert.Contains("segment", output);
        Assert.Equal([file], Directory.GetFileSystemEntries(root));
    }

    [Theory]
    [InlineData("--shape", "1,64,64")]
    [InlineData("--shape", "many")]
    [InlineData("--voxel-size", "0,4,4")]
    [InlineData("--model", "nobody")]
    [InlineData("--json", "/nowhere/at/all.json")]
    [InlineData("--out", "/proc/version")]
    public async Task A_wrong_argument_is_one_line_and_exit_code_2(string option, string value)
    {
        var (code, output, error) = await CommandRun.Of("bench", "pipeline", option, value);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.StartsWith("connecto:", Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task A_phantoms_shape_is_refused_beside_a_source()
    {
        var (code, _, error) = await CommandRun.Of("bench", "pipeline", root, "--shape", "4,64,64");
        Assert.Equal(2, code);
        Assert.Contains("--shape", error);
    }
}
