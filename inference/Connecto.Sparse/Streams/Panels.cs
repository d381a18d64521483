using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Connecto.Sparse.Streams;

/// <summary>Copies columns of a dense matrix side by side.</summary>
internal static unsafe class Panels
{
    /// <summary>to [rows][width] = the first used columns of from; the others become 0.</summary>
    /// <param name="from">The first value.</param>
    /// <param name="stride">Floats from one row of from to the next.</param>
    /// <param name="rows">Rows to copy.</param>
    /// <param name="used">Columns that from has, at most width.</param>
    /// <param name="to">Where to; rows * width floats.</param>
    /// <param name="width">Columns of a panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(float* from, int stride, int rows, int used, float* to, int width)
    {
        if (used == width && width % 32 == 0)
            for (var r = 0; r < rows; r++, from += stride, to += width)
                for (var c = 0; c < width; c += 32)
                {
                    Vector512.Store(Vector512.Load(from + c), to + c);
                    Vector512.Store(Vector512.Load(from + c + 16), to + c + 16);
                }
        else
            for (var r = 0; r < rows; r++, from += stride, to += width)
            {
                Unsafe.CopyBlockUnaligned(to, from, (uint)used * sizeof(float));
                if (used < width) new Span<float>(to + used, width - used).Clear();
            }
    }
}

/// <summary>Floats at a multiple of 64 bytes that stay where they are.</summary>
internal sealed unsafe class AlignedFloats
{
    private readonly float[] memory; // pinned for life; kept alive by this

    /// <summary>All zeros.</summary>
    public AlignedFloats(long count)
    {
        memory = GC.AllocateArray<float>(checked((int)count + 32), pinned: true);
        Data = (float*)(((nint)Unsafe.AsPointer(ref memory[0]) + 63) & ~63);
    }

    /// <summary>The first.</summary>
    public float* Data { get; }

    /// <summary>All but the padding.</summary>
    public Span<float> Span => new(Data, memory.Length - 32);
}
