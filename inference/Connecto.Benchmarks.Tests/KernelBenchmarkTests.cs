namespace Connecto.Benchmarks.Tests;

public sealed class KernelBenchmarkTests
{
    private static readonly KernelShape[] Tiny =
    [
        new(LayerKind.Convolution3, 16, 144, 64), new(LayerKind.Convolution3, 16, 72, 1024), new(LayerKind.Convolution1, 16, 32, 49), new(LayerKind.Product, 24, 40, 32),
        new(LayerKind.Decode, 32, 64, 1), new(LayerKind.Decode, 32, 64, 8),
    ];

    [Fact]
    public void Without_a_compiler_there_are_rows_and_no_peers()
    {
        var benchmark = new KernelBenchmark(Options(1) with { Compiler = "/nowhere/c++" });
        var report = benchmark.Run(_ => { });
        Assert.Contains("/nowhere/c++", Assert.Single(report.Machine.Missing));
        Assert.Empty(report.Machine.Peers);
        Assert.NotEmpty(report.Rows);
        // Only our own dense kernel of bytes is left to compare with.
        Assert.All(report.Rows, r => Assert.True(r.Peer is null or "dense bytes"));
    }

    [Fact]
    public void Without_the_libraries_each_peer_is_left_out_with_a_sentence()
    {
        if (OperatingSystem.IsWindows()) return;
        // A compiler that knows no header.
        var benchmark = new KernelBenchmark(Options(1) with { Compiler = "/bin/false" });
        Assert.Equal(2, benchmark.Machine.Missing.Count);
        Assert.All(benchmark.Machine.Missing, m => Assert.DoesNotContain('\n', m));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_kernel_and_every_peer_that_is_here_agrees_with_the_definition_on_small_layers(int threads)
    {
        var handed = new List<KernelRow>();
        var report = new KernelBenchmark(Options(threads)).Run(handed.AddRange);
        Assert.Equal(report.Rows, handed);
        foreach (var row in report.Rows)
        {
            Assert.Contains(row.Shape, Tiny.Select(s => s.Name));
            Assert.Equal(threads, row.Threads);
            Assert.True(row.Us > 0 && row.Gflops >= 0 && row.Bound.Us > 0 && row.Bound.Reached > 0 && row.Spread >= 1);
            if (row.Peer is not null) Assert.Equal(row.PeerUs!.Value / row.Us, row.Speedup!.Value, 1e-9);
        }
        // A dense kernel is listed once a layer and precision, not once a sparsity.
        foreach (var dense in report.Rows.Where(r => r.Sparsity == 0 && r.Peer == r.Kernel).GroupBy(r => (r.Shape, r.Precision, r.Kernel)))
            Assert.Single(dense);
    }

    [Fact]
    public void A_cancelled_run_stops()
    {
        var benchmark = new KernelBenchmark(Options(1) with { Compiler = "/nowhere/c++" });
        Assert.Throws<OperationCanceledException>(() => benchmark.Run(_ => { }, new CancellationToken(canceled: true)));
    }

    private static KernelBenchmarkOptions Options(int threads) =>
        new() { Threads = threads, Shapes = Tiny, Sparsities = [60, 90], Precisions = Enum.GetValues<KernelPrecision>(), Rounds = 1 };
}
