namespace Connecto.Benchmarks.Tests;

public sealed class TrainingBenchmarkTests
{
    private static readonly TrainingBenchmarkOptions Tiny = new() { Batch = 2, Patch = 16, Rounds = 1 };

    [Fact]
    public void A_Python_without_PyTorch_is_left_out_with_a_sentence()
    {
        if (OperatingSystem.IsWindows()) return;
        var missing = new List<string>();
        var row = TrainingBenchmark.Run(
            NetworkBenchmark.UNet(3, 2, 4, 8), Tiny with { Python = "/bin/false" }, missing.Add);
        Assert.Null(row.Peer);
        Assert.True(row.StepsPerSecond > 0);
        Assert.Contains("'/bin/false' ended without a word", Assert.Single(missing));
    }

    [Fact]
    public void PyTorch_where_it_is_here_finds_the_same_loss()
    {
        var row = TrainingBenchmark.Run(NetworkBenchmark.UNet(3, 2, 4, 8), Tiny, _ => { });
        if (row.Peer is null) return;
        Assert.True(row.LossDifference < 1e-5, $"{row.LossDifference}");
        Assert.True(row.Ratio > 0);
    }
}
