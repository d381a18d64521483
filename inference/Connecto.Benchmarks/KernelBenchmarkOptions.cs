namespace Connecto.Benchmarks;

/// <summary>What the kernel benchmark measures.</summary>
public sealed record KernelBenchmarkOptions
{
    /// <summary>Threads, 1 or more.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The layers.</summary>
    public IReadOnlyList<KernelShape> Shapes { get; init; } = KernelShape.Defaults;

    /// <summary>Shares of weights that are zero, percent, each in [0, 100].</summary>
    public IReadOnlyList<double> Sparsities { get; init; } = [50, 70, 80, 90, 95, 98];

    /// <summary>The precisions.</summary>
    public IReadOnlyList<KernelPrecision> Precisions { get; init; } =
        [KernelPrecision.Fp32, KernelPrecision.Int8Block4, KernelPrecision.Int8];

    /// <summary>Turns of every kernel, 1 or more; medians settle at about 7.</summary>
    public int Rounds { get; init; } = 7;

    /// <summary>The command of the C++ compiler that builds the peers.</summary>
    public string Compiler { get; init; } =
        Environment.GetEnvironmentVariable("CXX") is { Length: > 0 } named ? named : "c++";
}
