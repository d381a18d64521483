namespace Connecto.Benchmarks;

/// <summary>One measurement; serialises to JSON as it is.</summary>
/// <param name="Name">What was run.</param>
/// <param name="Shape">Its sizes, as text.</param>
/// <param name="Kernel">The kernels' variant.</param>
/// <param name="Threads">Threads used.</param>
/// <param name="Seconds">Time of one run: the median of several.</param>
/// <param name="MegavoxelsPerSecond">Input pixels a second, in millions.</param>
/// <param name="GigaflopsPerSecond">Multiplications and additions of the convolutions a second, in thousand
/// millions.</param>
/// <param name="Bound">What the processor's multiply-adds alone could do, GFLOP/s, measured in the same run.</param>
public sealed record BenchmarkRow(
    string Name, string Shape, string Kernel, int Threads, double Seconds, double MegavoxelsPerSecond,
    double GigaflopsPerSecond, double Bound);
