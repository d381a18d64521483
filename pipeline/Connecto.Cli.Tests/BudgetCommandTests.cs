using System.Text.Json;

namespace Connecto.Cli.Tests;

/// <summary>The budget of a graph is arithmetic: every figure can be worked out by hand.</summary>
public sealed class BudgetCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-budget-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Operations_bytes_and_seconds_follow_from_counts_and_rates()
    {
        var (edges, output) = (Path.Combine(_root, "edges.csv"), Path.Combine(_root, "out"));
        File.WriteAllText(edges, "pre,post,contacts\n1,2,3\n2,3,4\n3,4,1\n1,4,2\n");
        Assert.Equal(0, (await CommandRun.Of("import", edges, "--out", output)).Code);
        string[] command = ["budget", output, "--rate-hz", "10", "--active-fraction", "0.5", "--step-hz", "100", "--bandwidth", "1", "--memory-gb", "100"];
        var (code, said, error) = await CommandRun.Of([.. command, "--json"]);
        Assert.True(code == 0, error);
        using var answer = JsonDocument.Parse(said);
        var graph = answer.RootElement.GetProperty("graph");
        Assert.Equal((50, 20), (graph.GetProperty("operationsPerSecond").GetDouble(), graph.GetProperty("operationsPerSecondByEdge").GetDouble()));
        var formats = graph.GetProperty("formats").EnumerateArray().ToDictionary(f => f.GetProperty("format").GetString()!, f => f.GetProperty("totalBytes").GetDouble());
        Assert.Equal(
            (52, 64, 18, 64, 16), (formats["csr fp32"], formats["columns int16"], formats["bitmask fp32"], formats["dense fp32"], formats["dense int8"]));
        var runs = answer.RootElement.GetProperty("runs").EnumerateArray().ToDictionary(r => r.GetProperty("way").GetString()!);
        Assert.Equal(16 * 100, runs["dense sweep fp32"].GetProperty("operations").GetDouble());
        Assert.Equal(52 * 100, runs["sparse sweep fp32"].GetProperty("bytes").GetDouble());
        Assert.Equal(20 * 134 / 1e9, runs["spikes"].GetProperty("secondsAtMemory").GetDouble(), 15);
        var cortex = answer.RootElement.GetProperty("scales").EnumerateArray().Last();
        Assert.Equal((1e14, 1e15), (cortex.GetProperty("synapses").GetDouble(), cortex.GetProperty("bytes").GetDouble()));
        Assert.Equal((10_000, 125, 5e6), (
            cortex.GetProperty("machines").GetDouble(), cortex.GetProperty("drives").GetDouble(), cortex.GetProperty("slowerAtMemory").GetDouble()));
        Assert.Equal("drive, bandwidth", cortex.GetProperty("limit").GetString());
        (code, said, _) = await CommandRun.Of(command);
        Assert.Equal(0, code);
        Assert.Contains("dense sweep fp32", said);
    }

    [Theory]
    [InlineData("--rate-hz", "-1"), InlineData("--active-fraction", "1.5"), InlineData("--bandwidth", "0")]
    public async Task Rates_without_sense_are_refused(string option, string value)
    {
        var (code, _, error) = await CommandRun.Of("budget", option, value);
        Assert.True(code == 2, error);
        Assert.Single(error.Trim().Split('\n'));
    }
}
