namespace Connecto.Benchmarks;

/// <summary>Kernels beside their peers and their bound: checked against the definition first, then timed in
/// turn.</summary>
public sealed class KernelBenchmark
{
    private readonly KernelBenchmarkOptions options;
    private readonly BandwidthBenchmark bandwidth;
    private readonly List<PeerLibrary> libraries;
    private readonly List<KernelRow> rows = [];

    /// <summary>Measures the machine's peaks and loads the peers, which are built first where they are not yet; that
    /// takes some seconds.</summary>
    public KernelBenchmark(KernelBenchmarkOptions options)
    {
        this.options = options;
        bandwidth = new BandwidthBenchmark(options.Threads);
        List<string> missing = [];
        libraries = PeerBuild.Load(options.Compiler, missing.Add);
        var peak = PeakBenchmark.Measure(options.Threads);
        Machine = new MachinePeaks(
            options.Threads, peak, 4 * peak, bandwidth.Measure(1 << 20), bandwidth.Measure(1 << 28),
            [.. libraries.Select(l => l.Name)], missing);
    }

    /// <summary>What the machine allows.</summary>
    public MachinePeaks Machine { get; }

    /// <summary>Runs all that was asked for.</summary>
    /// <param name="measured">Is handed each layer's rows as soon as they are known.</param>
    /// <param name="cancellation">Stops between two turns.</param>
    /// <exception cref="InvalidOperationException">A kernel's result is not that of the definition; nothing of it is
    /// reported.</exception>
    public KernelReport Run(Action<IReadOnlyList<KernelRow>> measured, CancellationToken cancellation = default)
    {
        foreach (var precision in options.Precisions)
            foreach (var shape in options.Shapes)
            {
                var dense = new HashSet<string>();
                foreach (var sparsity in options.Sparsities)
                {
                    using var load = new KernelWorkload(shape, precision, sparsity / 100, options.Threads);
                    var found = Measure(load, dense, cancellation);
                    rows.AddRange(found);
                    measured(found);
                }
            }
        return new KernelReport(Machine, rows);
    }

    private List<KernelRow> Measure(KernelWorkload load, HashSet<string> dense, CancellationToken cancellation)
    {
        List<(KernelEntry Entry, PreparedKernel Kernel)> contestants = [];
        try
        {
            foreach (var entry in OwnKernels.Table.Concat(libraries.SelectMany(l => l.Kernels)))
                if (entry.Precisions.Contains(load.Precision) && entry.Prepare(load) is { } kernel)
                {
                    contestants.Add((entry, kernel));
                    Check(load, entry, kernel);
                }
            var seconds = InterleavedTiming.Measure(
                [.. contestants.Select(c => (Action)c.Kernel.Run)], options.Rounds, options.Threads, cancellation);
            var times = contestants
                .Zip(seconds, (c, s) => new Timed(c.Entry, c.Kernel, s.Median, s.Median / s.Least)).ToList();
            return [.. times.Where(t => t.Entry.Family == KernelFamily.Sparse || dense.Add(t.Entry.Name))
                .SelectMany(t => Rivals(t.Entry, times).Select(rival => Row(load, t, rival)))];
        }
        finally
        {
            foreach (var (_, kernel) in contestants) kernel.Dispose();
        }
    }

    private static void Check(KernelWorkload load, KernelEntry entry, PreparedKernel kernel)
    {
        load.ClearResult();
        kernel.Run();
        var error = load.Error(kernel.Order);
        var allowed = load.Precision.HasFloatInputs() ? kernel.Tolerance : 0;
        if (!(error <= allowed))
            throw new InvalidOperationException(
                FormattableString.Invariant($"'{entry.Name}' is wrong on {load.Shape.Name} in {load.Precision.Name()} ") +
                FormattableString.Invariant($"at {100 * load.Sparsity} % zeros: it is off by {error:0.0e0} of the ") +
                FormattableString.Invariant($"largest sum, {allowed:0.0e0} is allowed."));
    }

    // The fastest of every group; a peer is compared with its own group only, and a dense kernel with no sparse one.
    // One null where there is no peer.
    private static IEnumerable<Timed?> Rivals(KernelEntry entry, List<Timed> times)
    {
        var best = times.Where(t => t.Entry.Group is { } group && (entry.Group ?? group) == group &&
                (entry.Family == KernelFamily.Sparse || group != PeerGroup.Sparse))
            .GroupBy(t => t.Entry.Group).Select(g => g.MinBy(t => t.Seconds)).ToList();
        return best.Count > 0 ? best : [null];
    }

    private KernelRow Row(KernelWorkload load, Timed timed, Timed? rival)
    {
        var (entry, kernel, seconds, spread) = timed;
        var dense = entry.Family == KernelFamily.Dense;
        var operations = 2.0 * load.Shape.N * (dense ? (double)load.Shape.M * load.Shape.K : load.Matrix.NonZeros);
        var bytes = kernel.WeightBytes + load.ActivationBytes;
        var peak = load.Precision.HasFloatInputs() ? Machine.Fp32Gflops : Machine.Int8Gflops;
        var (work, traffic) = (operations / peak / 1e9, bytes / bandwidth.Measure(bytes) / 1e9);
        var bound = Math.Max(work, traffic);
        return new KernelRow(
            load.Shape.Name, load.Precision.Name(), dense ? 0 : Math.Round(100 * load.Sparsity, 3), load.Threads,
            entry.Name, seconds * 1e6, operations / seconds / 1e9,
            new KernelBound(work >= traffic ? "multiply-add" : "memory", bound * 1e6, bound / seconds),
            rival?.Entry.Name, rival?.Seconds * 1e6, rival?.Seconds / seconds, spread);
    }

    private sealed record Timed(KernelEntry Entry, PreparedKernel Kernel, double Seconds, double Spread);
}
