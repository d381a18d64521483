using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Sparse.Kernels;

/// <summary>The few words in which every kernel is written once: a vector of floats of some width.</summary>
/// <remarks>MultiplyAdd is fused where the machine fuses; on one machine a variant always gives the same
/// bits.</remarks>
internal unsafe interface IVocabulary<TVector> where TVector : struct
{
    static abstract int Width { get; }
    static abstract TVector Load(float* from);
    static abstract void Store(float* to, TVector value);
    static abstract TVector Broadcast(float value);
    static abstract TVector Add(TVector a, TVector b);
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>The larger; b where either is no number, on x86, so that max(0, x) hides no NaN.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>a * b + c.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>value where gate > 0, else 0.</summary>
    static abstract TVector WherePositive(TVector gate, TVector value);

    /// <summary>The sum of all lanes.</summary>
    static abstract float Sum(TVector value);

    /// <summary>sums[i] += the sum of all lanes of the i-th vector.</summary>
    static abstract void AddSums(float* sums, TVector v0, TVector v1, TVector v2, TVector v3);

    /// <summary>The maximum of every two neighbours of two consecutive vectors.</summary>
    static abstract TVector PairMax(TVector low, TVector high);

    /// <summary>The sum of every two neighbours of two consecutive vectors.</summary>
    static abstract TVector PairSum(TVector low, TVector high);

    /// <summary>Every lane twice, as two consecutive vectors.</summary>
    static abstract void Repeat(TVector value, out TVector low, out TVector high);
}

internal readonly unsafe struct Words512 : IVocabulary<Vector512<float>>
{
    public static int Width => 16;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* from) => Vector512.Load(from);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Vector512<float> value) => Vector512.Store(value, to);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.MaxNative(a, b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.MultiplyAddEstimate(a, b, c);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> WherePositive(Vector512<float> gate, Vector512<float> value) =>
        Vector512.GreaterThan(gate, Vector512<float>.Zero) & value;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> value) => Vector512.Sum(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(
        float* sums, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
    {
        if (!Avx512F.IsSupported)
        {
            WordsScalar.AddSums(sums, Sum(v0), Sum(v1), Sum(v2), Sum(v3));
            return;
        }
        // A 4 x 4 transposition in every 128-bit lane, then the lanes: a third of the steps of four single sums.
        var a = Avx512F.UnpackLow(v0, v1) + Avx512F.UnpackHigh(v0, v1);
        var b = Avx512F.UnpackLow(v2, v3) + Avx512F.UnpackHigh(v2, v3);
        var all = Avx512F.Shuffle(a, b, 0b01_00_01_00) + Avx512F.Shuffle(a, b, 0b11_10_11_10);
        var half = all.GetLower() + all.GetUpper();
        Vector128.Store(Vector128.Load(sums) + half.GetLower() + half.GetUpper(), sums);
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> PairMax(Vector512<float> low, Vector512<float> high) =>
        Even(Max(low, Next(low)), Max(high, Next(high)));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> PairSum(Vector512<float> low, Vector512<float> high) =>
        Even(low + Next(low), high + Next(high));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Repeat(Vector512<float> value, out Vector512<float> low, out Vector512<float> high)
    {
        var (a, b) = Vector512.Widen(Vector512.AsUInt32(value));
        low = Vector512.AsSingle(a | (a << 32));
        high = Vector512.AsSingle(b | (b << 32));
    }

    // Two neighbours are one 64-bit lane: its upper half moved down, and the lower halves kept.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Next(Vector512<float> value) =>
        Vector512.AsSingle(Vector512.AsUInt64(value) >>> 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Even(Vector512<float> low, Vector512<float> high) =>
        Vector512.AsSingle(Vector512.Narrow(Vector512.AsUInt64(low), Vector512.AsUInt64(high)));
}

internal readonly unsafe struct Words256 : IVocabulary<Vector256<float>>
{
    public static int Width => 8;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* from) => Vector256.Load(from);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Vector256<float> value) => Vector256.Store(value, to);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.MaxNative(a, b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.MultiplyAddEstimate(a, b, c);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> WherePositive(Vector256<float> gate, Vector256<float> value) =>
        Vector256.GreaterThan(gate, Vector256<float>.Zero) & value;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector256<float> value) => Vector256.Sum(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(
        float* sums, Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3)
    {
        if (!Avx.IsSupported)
        {
            WordsScalar.AddSums(sums, Sum(v0), Sum(v1), Sum(v2), Sum(v3));
            return;
        }
        // A 4 x 4 transposition in every 128-bit lane, then the lanes: a third of the steps of four single sums.
        var a = Avx.UnpackLow(v0, v1) + Avx.UnpackHigh(v0, v1);
        var b = Avx.UnpackLow(v2, v3) + Avx.UnpackHigh(v2, v3);
        var all = Avx.Shuffle(a, b, 0b01_00_01_00) + Avx.Shuffle(a, b, 0b11_10_11_10);
        var half = all;
        Vector128.Store(Vector128.Load(sums) + half.GetLower() + half.GetUpper(), sums);
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> PairMax(Vector256<float> low, Vector256<float> high) =>
        Even(Max(low, Next(low)), Max(high, Next(high)));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> PairSum(Vector256<float> low, Vector256<float> high) =>
        Even(low + Next(low), high + Next(high));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Repeat(Vector256<float> value, out Vector256<float> low, out Vector256<float> high)
    {
        var (a, b) = Vector256.Widen(Vector256.AsUInt32(value));
        low = Vector256.AsSingle(a | (a << 32));
        high = Vector256.AsSingle(b | (b << 32));
    }

    // Two neighbours are one 64-bit lane: its upper half moved down, and the lower halves kept.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Next(Vector256<float> value) =>
        Vector256.AsSingle(Vector256.AsUInt64(value) >>> 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Even(Vector256<float> low, Vector256<float> high) =>
        Vector256.AsSingle(Vector256.Narrow(Vector256.AsUInt64(low), Vector256.AsUInt64(high)));
}

/// <summary>Whatever System.Numerics makes of the machine: NEON, SSE, AVX2, or plain code.</summary>
internal readonly unsafe struct WordsPortable : IVocabulary<Vector<float>>
{
    public static int Width => Vector<float>.Count;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* from) => Vector.Load(from);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, Vector<float> value) => Vector.Store(value, to);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Broadcast(float value) => new(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Add(Vector<float> a, Vector<float> b) => a + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Multiply(Vector<float> a, Vector<float> b) => a * b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Max(Vector<float> a, Vector<float> b) => Vector.MaxNative(a, b);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MultiplyAdd(Vector<float> a, Vector<float> b, Vector<float> c) =>
        Vector.MultiplyAddEstimate(a, b, c);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> WherePositive(Vector<float> gate, Vector<float> value) =>
        Vector.ConditionalSelect(Vector.GreaterThan(gate, Vector<float>.Zero), value, Vector<float>.Zero);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector<float> value) => Vector.Sum(value);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(float* sums, Vector<float> v0, Vector<float> v1, Vector<float> v2, Vector<float> v3)
    {
        sums[0] += Sum(v0);
        sums[1] += Sum(v1);
        sums[2] += Sum(v2);
        sums[3] += Sum(v3);
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> PairMax(Vector<float> low, Vector<float> high) =>
        Even(Max(low, Next(low)), Max(high, Next(high)));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> PairSum(Vector<float> low, Vector<float> high) =>
        Even(low + Next(low), high + Next(high));
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Repeat(Vector<float> value, out Vector<float> low, out Vector<float> high)
    {
        Vector.Widen(Vector.AsVectorUInt32(value), out var a, out var b);
        low = Vector.AsVectorSingle(a | (a << 32));
        high = Vector.AsVectorSingle(b | (b << 32));
    }

    // Two neighbours are one 64-bit lane: its upper half moved down, and the lower halves kept.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Next(Vector<float> value) =>
        Vector.AsVectorSingle(Vector.AsVectorUInt64(value) >>> 32);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Even(Vector<float> low, Vector<float> high) =>
        Vector.AsVectorSingle(Vector.Narrow(Vector.AsVectorUInt64(low), Vector.AsVectorUInt64(high)));
}

/// <summary>One float at a time: the last resort, and the simplest thing to compare with.</summary>
internal readonly unsafe struct WordsScalar : IVocabulary<float>
{
    public static int Width => 1;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Load(float* from) => *from;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* to, float value) => *to = value;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Broadcast(float value) => value;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b) => a + b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float a, float b) => a * b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Max(float a, float b) => a > b ? a : b;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MultiplyAdd(float a, float b, float c) => a * b + c;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float WherePositive(float gate, float value) => gate > 0 ? value : 0;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float value) => value;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddSums(float* sums, float v0, float v1, float v2, float v3)
    {
        sums[0] += Sum(v0);
        sums[1] += Sum(v1);
        sums[2] += Sum(v2);
        sums[3] += Sum(v3);
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float PairMax(float low, float high) => Max(low, high);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float PairSum(float low, float high) => low + high;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Repeat(float value, out float low, out float high) => low = high = value;
}
