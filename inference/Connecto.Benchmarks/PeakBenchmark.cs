using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>The bound of every dense kernel: how many multiply-adds the processor does when they wait for
/// nothing.</summary>
public static class PeakBenchmark
{
    private const int Rounds = 100_000;
    private const int LeastRepeats = 3;
    private const double Seconds = 0.1;

    /// <summary>GFLOP/s of all threads together, with the widest vectors of the machine; takes about 0.1 s.</summary>
    /// <remarks>The best of many rounds of half a millisecond: other programs only take from it.</remarks>
    public static double Measure(int threads)
    {
        using var pool = new WorkerPool(threads);
        var best = double.MaxValue;
        var started = Stopwatch.GetTimestamp();
        for (var n = 0; n < LeastRepeats || Stopwatch.GetElapsedTime(started).TotalSeconds < Seconds; n++)
        {
            var begin = Stopwatch.GetTimestamp();
            pool.Run(_ => Sink = Vector512.IsHardwareAccelerated ? Spin512() : Spin256());
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }
        var lanes = Vector512.IsHardwareAccelerated ? 16 : 8;
        return threads * (double)Rounds * 12 * lanes * 2 / best / 1e9;
    }

    private static float Sink { get; set; }

    // Twelve independent chains: two units with a latency of four need eight.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Spin512()
    {
        var x = Vector512.Create(0.999f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var n = 0; n < Rounds; n++)
        {
            a = Vector512.MultiplyAddEstimate(a, x, x);
            b = Vector512.MultiplyAddEstimate(b, x, x);
            c = Vector512.MultiplyAddEstimate(c, x, x);
            d = Vector512.MultiplyAddEstimate(d, x, x);
            e = Vector512.MultiplyAddEstimate(e, x, x);
            f = Vector512.MultiplyAddEstimate(f, x, x);
            g = Vector512.MultiplyAddEstimate(g, x, x);
            h = Vector512.MultiplyAddEstimate(h, x, x);
            i = Vector512.MultiplyAddEstimate(i, x, x);
            j = Vector512.MultiplyAddEstimate(j, x, x);
            k = Vector512.MultiplyAddEstimate(k, x, x);
            l = Vector512.MultiplyAddEstimate(l, x, x);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Spin256()
    {
        var x = Vector256.Create(0.999f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var n = 0; n < Rounds; n++)
        {
            a = Vector256.MultiplyAddEstimate(a, x, x);
            b = Vector256.MultiplyAddEstimate(b, x, x);
            c = Vector256.MultiplyAddEstimate(c, x, x);
            d = Vector256.MultiplyAddEstimate(d, x, x);
            e = Vector256.MultiplyAddEstimate(e, x, x);
            f = Vector256.MultiplyAddEstimate(f, x, x);
            g = Vector256.MultiplyAddEstimate(g, x, x);
            h = Vector256.MultiplyAddEstimate(h, x, x);
            i = Vector256.MultiplyAddEstimate(i, x, x);
            j = Vector256.MultiplyAddEstimate(j, x, x);
            k = Vector256.MultiplyAddEstimate(k, x, x);
            l = Vector256.MultiplyAddEstimate(l, x, x);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
