using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>The bound of every kernel that waits for memory: how fast the processor reads what it has read
/// before.</summary>
/// <remarks>The figure depends on the size: what fits a cache is read from it. So it is measured at the size that a
/// kernel reads in one run, to a tenth, and kept. The best of many short rounds: other programs only take from
/// it.</remarks>
public sealed class BandwidthBenchmark
{
    private const int LeastBytes = 1 << 14;
    private const int MostBytes = 1 << 28;
    private const double Step = 1.1;
    private const double RoundSeconds = 0.001;
    private const double Seconds = 0.03;
    private const int LeastRounds = 5;

    private readonly int threads;
    private readonly Dictionary<int, double> known = [];

    /// <summary>Measures nothing yet.</summary>
    /// <param name="threads">Threads that read together, each its own part.</param>
    public BandwidthBenchmark(int threads) => this.threads = threads;

    /// <summary>GB/s of all threads together, reading so many bytes again and again.</summary>
    public double Measure(double bytes)
    {
        var step = (int)Math.Round(Math.Log(Math.Clamp(bytes, LeastBytes, MostBytes), Step));
        if (!known.TryGetValue(step, out var rate)) known[step] = rate = Read((int)Math.Pow(Step, step));
        return rate;
    }

    private double Read(int size)
    {
        using var memory = new AlignedBuffer<float>(size / sizeof(float));
        memory.Span.Fill(1);
        using var pool = new WorkerPool(threads);
        var part = size / sizeof(float) / threads / 64 * 64;
        double best = double.MaxValue, repeats = 1;
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < LeastRounds || Stopwatch.GetElapsedTime(started).TotalSeconds < Seconds; round++)
        {
            var times = (int)repeats;
            var begin = Stopwatch.GetTimestamp();
            pool.Run(thread =>
            {
                for (var i = 0; i < times; i++) Sink = Sum(memory.Address + (nint)thread * part * sizeof(float), part);
            });
            var one = Stopwatch.GetElapsedTime(begin).TotalSeconds / times;
            best = Math.Min(best, one);
            repeats = Math.Clamp(RoundSeconds / one, 1, 1_000_000);
        }
        return (double)part * threads * sizeof(float) / best / 1e9;
    }

    private static float Sink { get; set; }

    // Four sums hide the addition's latency; loads are what is left.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe float Sum(nint address, int count)
    {
        var data = (float*)address;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> a = default, b = a, c = a, d = a;
            for (var i = 0; i < count; i += 64)
            {
                a += Vector512.Load(data + i);
                b += Vector512.Load(data + i + 16);
                c += Vector512.Load(data + i + 32);
                d += Vector512.Load(data + i + 48);
            }
            return Vector512.Sum(a + b + c + d);
        }
        Vector256<float> e = default, f = e, g = e, h = e;
        for (var i = 0; i < count; i += 32)
        {
            e += Vector256.Load(data + i);
            f += Vector256.Load(data + i + 8);
            g += Vector256.Load(data + i + 16);
            h += Vector256.Load(data + i + 24);
        }
        return Vector256.Sum(e + f + g + h);
    }
}
