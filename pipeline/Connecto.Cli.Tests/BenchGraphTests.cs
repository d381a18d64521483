using System.Text.Json;

namespace Connecto.Cli.Tests;

public sealed class BenchGraphTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-bench-graph-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_peer_that_does_not_end_is_ended_and_bounds_the_comparison()
    {
        if (OperatingSystem.IsWindows()) return;
        var python = Path.Combine(_root, "python");
        await File.WriteAllTextAsync(python, "#!/bin/sh\necho '{\"name\": \"patience 1.0\"}'\nwhile :; do :; done\n");
        File.SetUnixFileMode(python, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var file = Path.Combine(_root, "graph.json");
        var (code, said, error) = await CommandRun.Of(
            "bench", "graph", "--neurons", "60", "--edges", "300", "--peer-edges", "300", "--python", python, "--peer-limit", "0.2", "--json", file);
        Assert.True(code == 0, error);
        Assert.Contains("patience 1.0 had not ended its census", said);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.True(report.RootElement.GetProperty("peer").GetProperty("cpuSpeedupAtLeast").GetDouble() > 1);
        Assert.Equal(2, (await CommandRun.Of("bench", "graph", "--peer-limit", "0")).Code);
    }
}
