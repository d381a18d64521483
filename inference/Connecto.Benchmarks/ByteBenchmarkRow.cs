namespace Connecto.Benchmarks;

/// <summary>One measurement of a network of bytes; serialises to JSON as it is.</summary>
/// <param name="Name">What was run.</param>
/// <param name="Shape">Its sizes, as text.</param>
/// <param name="Threads">Threads, each with planes of its own.</param>
/// <param name="Milliseconds">Time of one run on each thread at once: the median of several.</param>
/// <param name="MegavoxelsPerSecond">Pixels a second of all threads, in millions.</param>
/// <param name="DenseKiloMacs">Multiply-adds a pixel with the zeros, thousands.</param>
/// <param name="KeptKiloMacs">Multiply-adds a pixel that are done, thousands.</param>
/// <param name="GigaMacsPerSecond">Those that are done a second, in thousand millions.</param>
/// <param name="Bound">What the processor's dot products of bytes alone could do, from registers; 0 where it has none.</param>
public sealed record ByteBenchmarkRow(
    string Name, string Shape, int Threads, double Milliseconds, double MegavoxelsPerSecond, double DenseKiloMacs,
    double KeptKiloMacs, double GigaMacsPerSecond, double Bound);
