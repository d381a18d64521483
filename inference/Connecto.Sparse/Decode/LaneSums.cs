using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Sparse.Decode;

/// <summary>The sum of the 16 lanes of a vector, in one fixed order for every kernel.</summary>
/// <remarks>With q[j] = (v[4j] + v[4j+2]) + (v[4j+1] + v[4j+3]) the sum is (q[0] + q[2]) + (q[1] + q[3]): what a
/// transposition of four vectors at once yields.</remarks>
internal static unsafe class LaneSums
{
    public const int Lanes = 16;

    /// <summary>The definition.</summary>
    public static float Sum(ReadOnlySpan<float> v)
    {
        Span<float> q = stackalloc float[4];
        for (var j = 0; j < 4; j++) q[j] = v[4 * j] + v[4 * j + 2] + (v[4 * j + 1] + v[4 * j + 3]);
        return q[0] + q[2] + (q[1] + q[3]);
    }

    /// <summary>sums[i] = the sum of vector i, as floats; count a multiple of 4. Needs AVX-512.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Floats(float* vectors, int count, float* sums)
    {
        for (var i = 0; i < count; i += 4, vectors += 4 * Lanes)
        {
            var (v0, v1) = (Vector512.Load(vectors), Vector512.Load(vectors + 16));
            var (v2, v3) = (Vector512.Load(vectors + 32), Vector512.Load(vectors + 48));
            var a = Avx512F.UnpackLow(v0, v1) + Avx512F.UnpackHigh(v0, v1);
            var b = Avx512F.UnpackLow(v2, v3) + Avx512F.UnpackHigh(v2, v3);
            var all = Avx512F.Shuffle(a, b, 0b01_00_01_00) + Avx512F.Shuffle(a, b, 0b11_10_11_10);
            var half = all.GetLower() + all.GetUpper();
            Vector128.Store(half.GetLower() + half.GetUpper(), sums + i);
        }
    }

    /// <summary>As <see cref="Floats"/> for integers, modulo 2^32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Integers(int* vectors, int count, int* sums)
    {
        for (var i = 0; i < count; i += 4, vectors += 4 * Lanes)
        {
            var (v0, v1) = (Vector512.Load(vectors), Vector512.Load(vectors + 16));
            var (v2, v3) = (Vector512.Load(vectors + 32), Vector512.Load(vectors + 48));
            var a = (Avx512F.UnpackLow(v0, v1) + Avx512F.UnpackHigh(v0, v1)).AsSingle();
            var b = (Avx512F.UnpackLow(v2, v3) + Avx512F.UnpackHigh(v2, v3)).AsSingle();
            var all = Avx512F.Shuffle(a, b, 0b01_00_01_00).AsInt32() + Avx512F.Shuffle(a, b, 0b11_10_11_10).AsInt32();
            var half = all.GetLower() + all.GetUpper();
            Vector128.Store(half.GetLower() + half.GetUpper(), sums + i);
        }
    }
}
