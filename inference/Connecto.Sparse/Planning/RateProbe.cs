using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Connecto.Sparse.Kernels;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planning;

/// <summary>Measures what compiled kernels rest on: multiply-adds and reads.</summary>
internal abstract unsafe class RateProbe
{
    /// <summary>The probe with a variant's vectors.</summary>
    public static RateProbe For(KernelSet kernels) => kernels switch
    {
        VectorKernels<Words512, Vector512<float>> => new VectorProbe<Words512, Vector512<float>>(),
        VectorKernels<Words256, Vector256<float>> => new VectorProbe<Words256, Vector256<float>>(),
        VectorKernels<WordsPortable, Vector<float>> => new VectorProbe<WordsPortable, Vector<float>>(),
        _ => new VectorProbe<WordsScalar, float>(),
    };

    /// <summary>Multiply-adds of vectors in registers.</summary>
    public abstract Probe MultiplyAdds(ProbeSet probes);

    /// <summary>Bytes of reading so many again and again.</summary>
    public Probe Reads(ProbeSet probes, long bytes)
    {
        var floats = new AlignedFloats(bytes / sizeof(float));
        floats.Span.Fill(1); // until written, all pages are one page of zeros
        var count = (int)(bytes / sizeof(float) / 256) * 256;
        var sweeps = Math.Max(1, (64 << 10) / count);
        return probes.Add((double)count * sizeof(float) * sweeps, () => Sweep(floats.Data, count, sweeps));
    }

    protected static float Sink { get; set; }

    protected abstract void Sweep(float* data, int count, int sweeps);

    private sealed class VectorProbe<TWords, TVector> : RateProbe
        where TWords : struct, IVocabulary<TVector>
        where TVector : struct
    {
        private const int Rounds = 2000, Chains = 12;

        public override Probe MultiplyAdds(ProbeSet probes) => probes.Add(Rounds * Chains, MultiplyAdd);

        // Twelve independent chains: two units with a latency of four need eight.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private static void MultiplyAdd()
        {
            TVector x = TWords.Broadcast(0.999f), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
            for (var n = 0; n < Rounds; n++)
            {
                a = TWords.MultiplyAdd(x, x, a);
                b = TWords.MultiplyAdd(x, x, b);
                c = TWords.MultiplyAdd(x, x, c);
                d = TWords.MultiplyAdd(x, x, d);
                e = TWords.MultiplyAdd(x, x, e);
                f = TWords.MultiplyAdd(x, x, f);
                g = TWords.MultiplyAdd(x, x, g);
                h = TWords.MultiplyAdd(x, x, h);
                i = TWords.MultiplyAdd(x, x, i);
                j = TWords.MultiplyAdd(x, x, j);
                k = TWords.MultiplyAdd(x, x, k);
                l = TWords.MultiplyAdd(x, x, l);
            }
            var sum = TWords.Add(TWords.Add(TWords.Add(a, b), TWords.Add(c, d)), TWords.Add(TWords.Add(e, f), TWords.Add(g, h)));
            Sink = TWords.Sum(TWords.Add(sum, TWords.Add(TWords.Add(i, j), TWords.Add(k, l))));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        protected override void Sweep(float* data, int count, int sweeps)
        {
            var w = TWords.Width;
            TVector a, b, c, d, e, f, g, h;
            a = b = c = d = e = f = g = h = TWords.Broadcast(0);
            for (var n = 0; n < sweeps; n++)
                for (float* at = data, end = data + count; at < end; at += 8 * w)
                {
                    a = TWords.Add(a, TWords.Load(at));
                    b = TWords.Add(b, TWords.Load(at + w));
                    c = TWords.Add(c, TWords.Load(at + 2 * w));
                    d = TWords.Add(d, TWords.Load(at + 3 * w));
                    e = TWords.Add(e, TWords.Load(at + 4 * w));
                    f = TWords.Add(f, TWords.Load(at + 5 * w));
                    g = TWords.Add(g, TWords.Load(at + 6 * w));
                    h = TWords.Add(h, TWords.Load(at + 7 * w));
                }
            Sink = TWords.Sum(TWords.Add(TWords.Add(TWords.Add(a, b), TWords.Add(c, d)), TWords.Add(TWords.Add(e, f), TWords.Add(g, h))));
        }
    }
}
