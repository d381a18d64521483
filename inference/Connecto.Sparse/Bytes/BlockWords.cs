using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Sparse.Bytes;

/// <summary>The few words in which the portable kernel for blocks is written: vectors of 32-bit columns.</summary>
/// <remarks>
/// x86 has an instruction for unsigned times signed bytes, but it saturates sums of two at 16 bits, which
/// 255 * 127 * 2 passes. So bytes are split into even and odd places as 16-bit numbers and multiplied in
/// pairs (vpmaddwd), which is exact; elsewhere every byte is multiplied as 32 bits.
/// </remarks>
internal unsafe interface IBlockWords<TVector, TWeights> where TVector : unmanaged where TWeights : unmanaged
{
    static abstract int Width { get; }
    static abstract TVector Load(int* from);
    static abstract void Store(int* to, TVector value);

    /// <summary>The four weights of a word, made ready.</summary>
    static abstract TWeights Weights(int word);

    /// <summary>sum + the products of each column's four bytes and the four weights.</summary>
    static abstract TVector Dot(TVector sum, TVector bytes, TWeights weights);
}

/// <summary>Weights at even and odd places, in all pairs of lanes.</summary>
internal readonly record struct WeightPairs<TVector>(TVector Even, TVector Odd);

internal readonly unsafe struct Blocks512 : IBlockWords<Vector512<int>, WeightPairs<Vector512<short>>>
{
    public static int Width => 16;
    public static Vector512<int> Load(int* from) => Vector512.Load(from);
    public static void Store(int* to, Vector512<int> value) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WeightPairs<Vector512<short>> Weights(int word) => new(
        Vector512.Create(ByteWeights.Even(word)).AsInt16(), Vector512.Create(ByteWeights.Odd(word)).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Dot(Vector512<int> sum, Vector512<int> bytes, WeightPairs<Vector512<short>> weights) => sum +
        Avx512BW.MultiplyAddAdjacent((bytes & Vector512.Create(0x00FF00FF)).AsInt16(), weights.Even) +
        Avx512BW.MultiplyAddAdjacent((bytes.AsUInt16() >>> 8).AsInt16(), weights.Odd);
}

internal readonly unsafe struct Blocks256 : IBlockWords<Vector256<int>, WeightPairs<Vector256<short>>>
{
    public static int Width => 8;
    public static Vector256<int> Load(int* from) => Vector256.Load(from);
    public static void Store(int* to, Vector256<int> value) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WeightPairs<Vector256<short>> Weights(int word) => new(
        Vector256.Create(ByteWeights.Even(word)).AsInt16(), Vector256.Create(ByteWeights.Odd(word)).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Dot(Vector256<int> sum, Vector256<int> bytes, WeightPairs<Vector256<short>> weights) => sum +
        Avx2.MultiplyAddAdjacent((bytes & Vector256.Create(0x00FF00FF)).AsInt16(), weights.Even) +
        Avx2.MultiplyAddAdjacent((bytes.AsUInt16() >>> 8).AsInt16(), weights.Odd);
}

/// <summary>Any machine with vectors, Arm included.</summary>
internal readonly unsafe struct Blocks128 : IBlockWords<Vector128<int>, FourWeights>
{
    public static int Width => 4;
    public static Vector128<int> Load(int* from) => Vector128.Load(from);
    public static void Store(int* to, Vector128<int> value) => value.Store(to);
    public static FourWeights Weights(int word) => ByteWeights.Four(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> Dot(Vector128<int> sum, Vector128<int> bytes, FourWeights weights)
    {
        var low = Vector128.Create(255);
        return sum + (bytes & low) * weights.First + ((bytes >>> 8) & low) * weights.Second +
            (((bytes >>> 16) & low) * weights.Third + (bytes >>> 24) * weights.Fourth);
    }
}

/// <summary>No vectors at all.</summary>
internal readonly unsafe struct BlocksScalar : IBlockWords<int, FourWeights>
{
    public static int Width => 1;
    public static int Load(int* from) => *from;
    public static void Store(int* to, int value) => *to = value;
    public static FourWeights Weights(int word) => ByteWeights.Four(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(int sum, int bytes, FourWeights weights) => sum + (bytes & 255) * weights.First +
        (bytes >> 8 & 255) * weights.Second + (bytes >> 16 & 255) * weights.Third + (bytes >>> 24) * weights.Fourth;
}

/// <summary>The four weights of a word.</summary>
internal readonly record struct FourWeights(int First, int Second, int Third, int Fourth);

/// <summary>Takes words of four signed bytes apart.</summary>
internal static class ByteWeights
{
    public static FourWeights Four(int word) => new((sbyte)word, (sbyte)(word >> 8), (sbyte)(word >> 16), word >> 24);

    /// <summary>First and third, 16 bits each.</summary>
    public static int Even(int word) => Pair((sbyte)word, (sbyte)(word >> 16));

    /// <summary>Second and fourth, 16 bits each.</summary>
    public static int Odd(int word) => Pair((sbyte)(word >> 8), word >> 24);

    private static int Pair(int low, int high) => low & 0xFFFF | high << 16;
}
