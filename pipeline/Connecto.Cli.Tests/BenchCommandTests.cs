using System.Text.Json;

namespace Connecto.Cli.Tests;

public sealed class BenchCommandTests : IDisposable
{
    private static readonly string[] Fields =
        ["shape", "precision", "sparsity", "threads", "kernel", "us", "gflops", "bound", "peer", "peerUs", "speedup", "spread"];

    private readonly string root = Directory.CreateTempSubdirectory("connecto-bench-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("--shape", "cube-1x2x3")]
    [InlineData("--sparsity", "90,many")]
    [InlineData("--sparsity", "101")]
    [InlineData("--precision", "fp64")]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "two")]
    [InlineData("--rounds", "0")]
    [InlineData("--json", "/nowhere/at/all.json")]
    public async Task A_wrong_argument_is_one_line_and_exit_code_2(string option, string value)
    {
        var (code, output, error) = await CommandRun.Of("bench", "kernels", option, value);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.StartsWith("connecto:", Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task A_network_of_bytes_is_measured_on_one_thread_and_on_all_with_its_bound()
    {
        var file = Path.Combine(root, "network.json");
        var (code, output, error) = await CommandRun.Of(
            "bench", "network", "--precision", "int8", "--zeros", "90", "--threads", "2", "--json", file);
        Assert.True(code == 0, error);
        Assert.Contains("of peak", output);
        using var report = JsonDocument.Parse(File.ReadAllText(file));
        var rows = report.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal([1, 2], rows.Select(r => r.GetProperty("threads").GetInt32()));
        Assert.All(rows, r => Assert.InRange(r.GetProperty("keptKiloMacs").GetDouble(), 1, 0.3 * r.GetProperty("denseKiloMacs").GetDouble()));
    }

    [Fact]
    public async Task A_model_that_was_not_quantised_has_no_bytes_to_measure()
    {
        var model = Directory.CreateDirectory(Path.Combine(root, "model")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", "sstem")))
            if (Path.GetFileName(file) != "quantization.json") File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        var (code, _, error) = await CommandRun.Of("bench", "network", model, "--precision", "int8");
        Assert.Equal(2, code);
        Assert.Contains("quantization.json", Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Theory]
    [InlineData("bench", "network", "--precision", "int4")]
    [InlineData("bench", "network", "/nowhere")]
    [InlineData("ingest", "/nowhere", "--precision", "fp16", "--out", "/nowhere/out")]
    public async Task A_precision_or_model_that_cannot_be_is_one_line_and_exit_code_2(params string[] arguments)
    {
        var (code, _, error) = await CommandRun.Of(arguments);
        Assert.Equal(2, code);
        Assert.StartsWith("connecto:", Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task Rows_are_json_with_all_fields_where_no_peer_is_installed()
    {
        var file = Path.Combine(root, "kernels.json");
        var (code, output, error) = await CommandRun.Of(
            "bench", "kernels", "--shape", "decode-16x32x1", "--shape", "conv3x3-16x144x64", "--sparsity", "80", "--rounds", "1",
            "--compiler", "/nowhere/c++", "--json", file);
        Assert.True(code == 0, error);
        Assert.Contains("/nowhere/c++", output);
        using var report = JsonDocument.Parse(File.ReadAllText(file));
        Assert.True(report.RootElement.GetProperty("machine").GetProperty("fp32Gflops").GetDouble() > 0);
        var rows = report.RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.All(Fields, field => Assert.True(row.TryGetProperty(field, out _), field)));
        Assert.Equal([file], Directory.GetFiles(root));
    }

    [Fact]
    public async Task Training_is_measured_without_PyTorch_too_and_says_that_it_is_missing()
    {
        var file = Path.Combine(root, "training.json");
        var (code, output, error) = await CommandRun.Of(
            "bench", "training", "--patch", "32", "--batch", "1", "--rounds", "1", "--python", "/nowhere/python", "--json", file);
        Assert.True(code == 0, error);
        Assert.Contains("1x7x32x32", output);
        Assert.Contains("python3-torch", Assert.Single(error.TrimEnd().Split('\n')));
        using var report = JsonDocument.Parse(File.ReadAllText(file));
        var row = Assert.Single(report.RootElement.GetProperty("rows").EnumerateArray());
        Assert.True(row.GetProperty("stepsPerSecond").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, row.GetProperty("peerSecondsPerStep").ValueKind);
    }

    [Fact]
    public async Task A_patch_that_does_not_fit_the_network_is_refused()
    {
        var (code, _, error) = await CommandRun.Of("bench", "training", "--patch", "33");
        Assert.Equal(2, code);
        Assert.Contains("multiple of 8", error);
    }
}
