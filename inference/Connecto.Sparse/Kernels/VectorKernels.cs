using System.Runtime.CompilerServices;

namespace Connecto.Sparse.Kernels;

/// <summary>All kernels, written once over a vocabulary.</summary>
/// <remarks>
/// A plane is one long row: its borders are zeros inside the row, so a convolution's tap is a shift of the whole plane
/// and no tile needs an edge case (see PlaneLayout). A tile keeps 8 or 4 output planes x 3 vectors in registers; each
/// step loads three vectors and multiplies each with 8 or 4 broadcast weights. With 512-bit vectors 24 sums cover the
/// latency of two multipliers with 14 loads for 24 multiply-adds, split lines counted twice, so the multipliers are the
/// bound. Given up: Winograd's fewer multiplications, which would lose bits and zero weights.
/// Every output is one chain over the steps in order, whatever the tile; so cutting a plane among threads changes no
/// bit.
/// </remarks>
internal sealed unsafe class VectorKernels<TWords, TVector>(string name) : KernelSet
    where TWords : struct, IVocabulary<TVector>
    where TVector : struct
{
    public override string Name => name;

    public override int Width => TWords.Width;

    public override int Tile => 3 * TWords.Width;

    public override void MultiplyRows(in SparseRows rows) => SparseRowKernel<TWords, TVector>.Multiply(rows);

    public override void Convolve(float* arena, in PlaneGroup group, int at, TileMode mode)
    {
        if (group.Rows > SmallRows) ConvolveLarge(arena, group, at, mode);
        else ConvolveSmall(arena, group, at, mode);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ConvolveLarge(float* arena, in PlaneGroup group, int at, TileMode mode)
    {
        var w = TWords.Width;
        var origin = arena + at;
        TVector a0, a1, a2, b0, b1, b2, c0, c1, c2, d0, d1, d2, e0, e1, e2, f0, f1, f2, g0, g1, g2, h0, h1, h2;
        if (mode == TileMode.Accumulate)
        {
            var t = origin + group.Targets[0];
            (a0, a1, a2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
            t = origin + group.Targets[1];
            (b0, b1, b2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
            t = origin + group.Targets[2];
            (c0, c1, c2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
            t = origin + group.Targets[3];
            (d0, d1, d2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
            t = origin + group.Targets[4];
            (e0, e1, e2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
            t = origin + group.Targets[5];
            (f0, f1, f2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
            t = origin + group.Targets[6];
            (g0, g1, g2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
            t = origin + group.Targets[7];
            (h0, h1, h2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
        }
        else
        {
            a0 = a1 = a2 = TWords.Broadcast(group.Bias[0]);
            b0 = b1 = b2 = TWords.Broadcast(group.Bias[1]);
            c0 = c1 = c2 = TWords.Broadcast(group.Bias[2]);
            d0 = d1 = d2 = TWords.Broadcast(group.Bias[3]);
            e0 = e1 = e2 = TWords.Broadcast(group.Bias[4]);
            f0 = f1 = f2 = TWords.Broadcast(group.Bias[5]);
            g0 = g1 = g2 = TWords.Broadcast(group.Bias[6]);
            h0 = h1 = h2 = TWords.Broadcast(group.Bias[7]);
        }

        var source = group.Sources;
        var weight = group.Weights;
        for (var left = group.Steps; left > 0; left--, source++, weight += LargeRows)
        {
            var x = origin + *source;
            var (x0, x1, x2) = (TWords.Load(x), TWords.Load(x + w), TWords.Load(x + 2 * w));
            var k = TWords.Broadcast(weight[0]);
            a0 = TWords.MultiplyAdd(k, x0, a0);
            a1 = TWords.MultiplyAdd(k, x1, a1);
            a2 = TWords.MultiplyAdd(k, x2, a2);
            k = TWords.Broadcast(weight[1]);
            b0 = TWords.MultiplyAdd(k, x0, b0);
            b1 = TWords.MultiplyAdd(k, x1, b1);
            b2 = TWords.MultiplyAdd(k, x2, b2);
            k = TWords.Broadcast(weight[2]);
            c0 = TWords.MultiplyAdd(k, x0, c0);
            c1 = TWords.MultiplyAdd(k, x1, c1);
            c2 = TWords.MultiplyAdd(k, x2, c2);
            k = TWords.Broadcast(weight[3]);
            d0 = TWords.MultiplyAdd(k, x0, d0);
            d1 = TWords.MultiplyAdd(k, x1, d1);
            d2 = TWords.MultiplyAdd(k, x2, d2);
            k = TWords.Broadcast(weight[4]);
            e0 = TWords.MultiplyAdd(k, x0, e0);
            e1 = TWords.MultiplyAdd(k, x1, e1);
            e2 = TWords.MultiplyAdd(k, x2, e2);
            k = TWords.Broadcast(weight[5]);
            f0 = TWords.MultiplyAdd(k, x0, f0);
            f1 = TWords.MultiplyAdd(k, x1, f1);
            f2 = TWords.MultiplyAdd(k, x2, f2);
            k = TWords.Broadcast(weight[6]);
            g0 = TWords.MultiplyAdd(k, x0, g0);
            g1 = TWords.MultiplyAdd(k, x1, g1);
            g2 = TWords.MultiplyAdd(k, x2, g2);
            k = TWords.Broadcast(weight[7]);
            h0 = TWords.MultiplyAdd(k, x0, h0);
            h1 = TWords.MultiplyAdd(k, x1, h1);
            h2 = TWords.MultiplyAdd(k, x2, h2);
        }

        var floor = TWords.Broadcast(mode == TileMode.Relu ? 0 : float.NegativeInfinity);
        Finish(origin + group.Targets[0], a0, a1, a2, floor);
        Finish(origin + group.Targets[1], b0, b1, b2, floor);
        Finish(origin + group.Targets[2], c0, c1, c2, floor);
        Finish(origin + group.Targets[3], d0, d1, d2, floor);
        Finish(origin + group.Targets[4], e0, e1, e2, floor);
        if (group.Rows > 5) Finish(origin + group.Targets[5], f0, f1, f2, floor);
        if (group.Rows > 6) Finish(origin + group.Targets[6], g0, g1, g2, floor);
        if (group.Rows > 7) Finish(origin + group.Targets[7], h0, h1, h2, floor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ConvolveSmall(float* arena, in PlaneGroup group, int at, TileMode mode)
    {
        var w = TWords.Width;
        var origin = arena + at;
        TVector a0, a1, a2, b0, b1, b2, c0, c1, c2, d0, d1, d2;
        if (mode == TileMode.Accumulate)
        {
            var t = origin + group.Targets[0];
            (a0, a1, a2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
            t = origin + group.Targets[1];
            (b0, b1, b2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
            t = origin + group.Targets[2];
            (c0, c1, c2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
            t = origin + group.Targets[3];
            (d0, d1, d2) = (TWords.Load(t), TWords.Load(t + w), TWords.Load(t + 2 * w));
        }
        else
        {
            a0 = a1 = a2 = TWords.Broadcast(group.Bias[0]);
            b0 = b1 = b2 = TWords.Broadcast(group.Bias[1]);
            c0 = c1 = c2 = TWords.Broadcast(group.Bias[2]);
            d0 = d1 = d2 = TWords.Broadcast(group.Bias[3]);
        }

        var source = group.Sources;
        var weight = group.Weights;
        for (var left = group.Steps; left > 0; left--, source++, weight += SmallRows)
        {
            var x = origin + *source;
            var (x0, x1, x2) = (TWords.Load(x), TWords.Load(x + w), TWords.Load(x + 2 * w));
            var k = TWords.Broadcast(weight[0]);
            a0 = TWords.MultiplyAdd(k, x0, a0);
            a1 = TWords.MultiplyAdd(k, x1, a1);
            a2 = TWords.MultiplyAdd(k, x2, a2);
            k = TWords.Broadcast(weight[1]);
            b0 = TWords.MultiplyAdd(k, x0, b0);
            b1 = TWords.MultiplyAdd(k, x1, b1);
            b2 = TWords.MultiplyAdd(k, x2, b2);
            k = TWords.Broadcast(weight[2]);
            c0 = TWords.MultiplyAdd(k, x0, c0);
            c1 = TWords.MultiplyAdd(k, x1, c1);
            c2 = TWords.MultiplyAdd(k, x2, c2);
            k = TWords.Broadcast(weight[3]);
            d0 = TWords.MultiplyAdd(k, x0, d0);
            d1 = TWords.MultiplyAdd(k, x1, d1);
            d2 = TWords.MultiplyAdd(k, x2, d2);
        }

        var floor = TWords.Broadcast(mode == TileMode.Relu ? 0 : float.NegativeInfinity);
        Finish(origin + group.Targets[0], a0, a1, a2, floor);
        if (group.Rows > 1) Finish(origin + group.Targets[1], b0, b1, b2, floor);
        if (group.Rows > 2) Finish(origin + group.Targets[2], c0, c1, c2, floor);
        if (group.Rows > 3) Finish(origin + group.Targets[3], d0, d1, d2, floor);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(float* to, TVector v0, TVector v1, TVector v2, TVector floor)
    {
        var w = TWords.Width;
        TWords.Store(to, TWords.Max(floor, v0));
        TWords.Store(to + w, TWords.Max(floor, v1));
        TWords.Store(to + 2 * w, TWords.Max(floor, v2));
    }

    // 24 sums over 10 loads; the rows stay in L1 while the sources stream past.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Correlate(float* arena, int* rows, int* sources, int count, float* sums)
    {
        var w = TWords.Width;
        var zero = TWords.Broadcast(0);
        TVector a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero, a5 = zero;
        TVector b0 = zero, b1 = zero, b2 = zero, b3 = zero, b4 = zero, b5 = zero;
        TVector c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero;
        TVector d0 = zero, d1 = zero, d2 = zero, d3 = zero, d4 = zero, d5 = zero;
        float* ra = arena + rows[0], rb = arena + rows[1], rc = arena + rows[2], rd = arena + rows[3];
        float* s0 = arena + sources[0], s1 = arena + sources[1], s2 = arena + sources[2];
        float* s3 = arena + sources[3], s4 = arena + sources[4], s5 = arena + sources[5];
        nint i = 0;
        for (; i + w <= count; i += w)
        {
            var (a, b, c, d) = (TWords.Load(ra + i), TWords.Load(rb + i), TWords.Load(rc + i), TWords.Load(rd + i));
            var x = TWords.Load(s0 + i);
            a0 = TWords.MultiplyAdd(a, x, a0);
            b0 = TWords.MultiplyAdd(b, x, b0);
            c0 = TWords.MultiplyAdd(c, x, c0);
            d0 = TWords.MultiplyAdd(d, x, d0);
            x = TWords.Load(s1 + i);
            a1 = TWords.MultiplyAdd(a, x, a1);
            b1 = TWords.MultiplyAdd(b, x, b1);
            c1 = TWords.MultiplyAdd(c, x, c1);
            d1 = TWords.MultiplyAdd(d, x, d1);
            x = TWords.Load(s2 + i);
            a2 = TWords.MultiplyAdd(a, x, a2);
            b2 = TWords.MultiplyAdd(b, x, b2);
            c2 = TWords.MultiplyAdd(c, x, c2);
            d2 = TWords.MultiplyAdd(d, x, d2);
            x = TWords.Load(s3 + i);
            a3 = TWords.MultiplyAdd(a, x, a3);
            b3 = TWords.MultiplyAdd(b, x, b3);
            c3 = TWords.MultiplyAdd(c, x, c3);
            d3 = TWords.MultiplyAdd(d, x, d3);
            x = TWords.Load(s4 + i);
            a4 = TWords.MultiplyAdd(a, x, a4);
            b4 = TWords.MultiplyAdd(b, x, b4);
            c4 = TWords.MultiplyAdd(c, x, c4);
            d4 = TWords.MultiplyAdd(d, x, d4);
            x = TWords.Load(s5 + i);
            a5 = TWords.MultiplyAdd(a, x, a5);
            b5 = TWords.MultiplyAdd(b, x, b5);
            c5 = TWords.MultiplyAdd(c, x, c5);
            d5 = TWords.MultiplyAdd(d, x, d5);
        }
        TWords.AddSums(sums, a0, a1, a2, a3);
        TWords.AddSums(sums + 4, a4, a5, b0, b1);
        TWords.AddSums(sums + 8, b2, b3, b4, b5);
        TWords.AddSums(sums + 12, c0, c1, c2, c3);
        TWords.AddSums(sums + 16, c4, c5, d0, d1);
        TWords.AddSums(sums + 20, d2, d3, d4, d5);
        for (; i < count; i++)
            for (var s = 0; s < CorrelateSources; s++)
            {
                var x = arena[sources[s] + i];
                sums[s] += ra[i] * x;
                sums[6 + s] += rb[i] * x;
                sums[12 + s] += rc[i] * x;
                sums[18 + s] += rd[i] * x;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Sum(float* values, int count)
    {
        var w = TWords.Width;
        TVector a = TWords.Broadcast(0), b = a, c = a, d = a;
        var i = 0;
        for (; i + 4 * w <= count; i += 4 * w)
        {
            a = TWords.Add(a, TWords.Load(values + i));
            b = TWords.Add(b, TWords.Load(values + i + w));
            c = TWords.Add(c, TWords.Load(values + i + 2 * w));
            d = TWords.Add(d, TWords.Load(values + i + 3 * w));
        }
        var sum = TWords.Sum(TWords.Add(TWords.Add(a, b), TWords.Add(c, d)));
        for (; i < count; i++) sum += values[i];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Add(float* to, float* from, int count)
    {
        var i = 0;
        for (; i + TWords.Width <= count; i += TWords.Width)
            TWords.Store(to + i, TWords.Add(TWords.Load(to + i), TWords.Load(from + i)));
        for (; i < count; i++) to[i] += from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Relu(float* to, float* from, int count)
    {
        var zero = TWords.Broadcast(0);
        var i = 0;
        for (; i + TWords.Width <= count; i += TWords.Width) TWords.Store(to + i, TWords.Max(zero, TWords.Load(from + i)));
        for (; i < count; i++) to[i] = 0 > from[i] ? 0 : from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Gate(float* to, float* from, float* gate, int count)
    {
        var i = 0;
        for (; i + TWords.Width <= count; i += TWords.Width)
            TWords.Store(to + i, TWords.WherePositive(TWords.Load(gate + i), TWords.Load(from + i)));
        for (; i < count; i++) to[i] = gate[i] > 0 ? from[i] : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void PoolPairs(float* to, float* top, float* bottom, int count)
    {
        var w = TWords.Width;
        var i = 0;
        for (; i + w <= count; i += w)
        {
            var low = TWords.Max(TWords.Load(top + 2 * i), TWords.Load(bottom + 2 * i));
            var high = TWords.Max(TWords.Load(top + 2 * i + w), TWords.Load(bottom + 2 * i + w));
            TWords.Store(to + i, TWords.PairMax(low, high));
        }
        for (; i < count; i++)
            to[i] = WordsScalar.Max(
                WordsScalar.Max(top[2 * i], bottom[2 * i]), WordsScalar.Max(top[2 * i + 1], bottom[2 * i + 1]));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void RepeatPairs(float* to, float* from, int count)
    {
        var w = TWords.Width;
        var i = 0;
        for (; i + w <= count; i += w)
        {
            TWords.Repeat(TWords.Load(from + i), out var low, out var high);
            TWords.Store(to + 2 * i, low);
            TWords.Store(to + 2 * i + w, high);
        }
        for (; i < count; i++) to[2 * i] = to[2 * i + 1] = from[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddPairs(float* to, float* top, float* bottom, int count)
    {
        var w = TWords.Width;
        var i = 0;
        for (; i + w <= count; i += w)
        {
            var low = TWords.Add(TWords.Load(top + 2 * i), TWords.Load(bottom + 2 * i));
            var high = TWords.Add(TWords.Load(top + 2 * i + w), TWords.Load(bottom + 2 * i + w));
            TWords.Store(to + i, TWords.Add(TWords.Load(to + i), TWords.PairSum(low, high)));
        }
        for (; i < count; i++) to[i] += top[2 * i] + bottom[2 * i] + (top[2 * i + 1] + bottom[2 * i + 1]);
    }
}
