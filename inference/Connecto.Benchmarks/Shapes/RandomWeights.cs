using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>Weights with uniformly random zeros.</summary>
internal static class RandomWeights
{
    private const int Group = 4;

    /// <summary>Draws a matrix and writes it, with its zeros, into <paramref name="dense"/> [M][K].</summary>
    public static CsrMatrix Draw(
        KernelShape shape, KernelPrecision precision, double sparsity, Random random, Span<float> dense)
    {
        var starts = new int[shape.M + 1];
        List<int> columns = new((int)(dense.Length * (1 - sparsity) * 1.1) + 16);
        List<float> values = new(columns.Capacity);
        var group = precision == KernelPrecision.Int8Block4 ? Group : 1;
        for (var row = 0; row < shape.M; row++)
        {
            var line = dense.Slice(row * shape.K, shape.K);
            line.Clear();
            // Four neighbours are inputs of one tap: in a window they lie a window's size apart.
            var taps = shape.Window * shape.Window;
            var kept = new bool[(shape.Channels + group - 1) / group * taps];
            for (var i = 0; i < kept.Length; i++) kept[i] = random.NextDouble() >= sparsity;
            for (var column = 0; column < shape.K; column++)
            {
                if (!kept[column / taps / group * taps + column % taps]) continue;
                columns.Add(column);
                values.Add(line[column] = Value(precision, random));
            }
            starts[row + 1] = columns.Count;
        }
        return new CsrMatrix(shape.M, shape.K, Fixed(starts), Fixed(columns), Fixed(values));
    }

    // Peers' libraries keep addresses of these arrays.
    private static T[] Fixed<T>(IReadOnlyCollection<T> items) where T : unmanaged
    {
        var array = GC.AllocateUninitializedArray<T>(items.Count, pinned: true);
        ((ICollection<T>)items).CopyTo(array, 0);
        return array;
    }

    // Never 0: a kept weight is work. The dense peers' time does not depend on values.
    private static float Value(KernelPrecision precision, Random random)
    {
        var sign = random.Next(2) * 2 - 1;
        return sign * precision switch
        {
            KernelPrecision.Fp32 => 0.05f + random.NextSingle(),
            KernelPrecision.BFloat16 => (BFloat16)(0.05f + random.NextSingle()),
            KernelPrecision.Int4Group64 => random.Next(1, 8),
            KernelPrecision.Int3Group64 => random.Next(1, 4),
            _ => random.Next(1, 128),
        };
    }
}
