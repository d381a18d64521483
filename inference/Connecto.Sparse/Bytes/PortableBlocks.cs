using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Bytes;

/// <summary>Blocks by compiled code over vectors of some width: row by row, four vectors of sums at a time.</summary>
internal sealed unsafe class PortableBlocks<TWords, TVector, TWeights>(
    string name, BlockRows rows, int[][] groups, BlockShape shape, int[] start, string why) : BlockKernel
    where TWords : IBlockWords<TVector, TWeights> where TVector : unmanaged where TWeights : unmanaged
{
    public override string Description { get; } = $"portable ({name}): {why}; {rows.Offsets.Length} blocks";

    public override ProductKernel Kind => ProductKernel.Portable;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Sum(int tile, int group, byte* input, int** targets, int vectors)
    {
        var members = groups[group];
        var width = TWords.Width;
        fixed (int* offsets = rows.Offsets, words = rows.Words)
            for (var r = 0; r < members.Length; r++)
            {
                var row = members[r];
                var (begin, end) = (rows.Starts[tile * rows.Rows + row], rows.Starts[tile * rows.Rows + row + 1]);
                // Pieces of one register each; the sums of a row lie side by side, their inputs a step apart.
                var (pieces, perVector) = (vectors * 16 / width, 16 / width);
                var to = targets[r];
                if (tile == 0) new Span<int>(to, vectors * 16).Fill(start[row]);
                var piece = 0;
                for (; piece + 4 <= pieces; piece += 4)
                    Four(
                        offsets, words, begin, end, input, At(piece, perVector), At(piece + 1, perVector), At(piece + 2, perVector),
                        At(piece + 3, perVector), to + piece * width);
                for (; piece < pieces; piece++)
                    One(offsets, words, begin, end, input + At(piece, perVector), to + piece * width);
            }
    }

    private long At(int piece, int perVector) => shape.Place(piece / perVector) + piece % perVector * TWords.Width * 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(
        int* offsets, int* words, int begin, int end, byte* from, long atA, long atB, long atC, long atD, int* to)
    {
        var width = TWords.Width;
        var (a, b) = (TWords.Load(to), TWords.Load(to + width));
        var (c, d) = (TWords.Load(to + 2 * width), TWords.Load(to + 3 * width));
        for (var i = begin; i < end; i++)
        {
            var x = from + offsets[i];
            var weights = TWords.Weights(words[i]);
            a = TWords.Dot(a, TWords.Load((int*)(x + atA)), weights);
            b = TWords.Dot(b, TWords.Load((int*)(x + atB)), weights);
            c = TWords.Dot(c, TWords.Load((int*)(x + atC)), weights);
            d = TWords.Dot(d, TWords.Load((int*)(x + atD)), weights);
        }
        TWords.Store(to, a);
        TWords.Store(to + width, b);
        TWords.Store(to + 2 * width, c);
        TWords.Store(to + 3 * width, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(int* offsets, int* words, int begin, int end, byte* from, int* to)
    {
        var sum = TWords.Load(to);
        for (var i = begin; i < end; i++)
            sum = TWords.Dot(sum, TWords.Load((int*)(from + offsets[i])), TWords.Weights(words[i]));
        TWords.Store(to, sum);
    }
}

/// <summary>The table of portable kernels.</summary>
internal static class PortableBlocks
{
    /// <summary>Names that this machine has a kernel for, best first.</summary>
    public static IEnumerable<string> Names
    {
        get
        {
            if (Vector512.IsHardwareAccelerated && Avx512BW.IsSupported) yield return "vector512";
            if (Avx2.IsSupported) yield return "vector256";
            if (Vector128.IsHardwareAccelerated) yield return "portable";
            yield return "scalar";
        }
    }

    /// <summary>The kernel of that name, or the best below it that this machine has.</summary>
    public static BlockKernel Create(string name, BlockRows rows, int[][] groups, BlockShape shape, int[] start, string why)
    {
        string[] all = ["vector512", "vector256", "portable", "scalar"];
        var usable = all.Skip(Array.IndexOf(all, name)).First(Names.Contains);
        return usable switch
        {
            "vector512" => new PortableBlocks<Blocks512, Vector512<int>, WeightPairs<Vector512<short>>>(
                usable, rows, groups, shape, start, why),
            "vector256" => new PortableBlocks<Blocks256, Vector256<int>, WeightPairs<Vector256<short>>>(
                usable, rows, groups, shape, start, why),
            "portable" => new PortableBlocks<Blocks128, Vector128<int>, FourWeights>(usable, rows, groups, shape, start, why),
            _ => new PortableBlocks<BlocksScalar, int, FourWeights>(usable, rows, groups, shape, start, why),
        };
    }
}
