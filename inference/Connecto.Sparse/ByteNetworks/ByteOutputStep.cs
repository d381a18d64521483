using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Connecto.Sparse.Bytes;

namespace Connecto.Sparse.ByteNetworks;

/// <summary>Bytes of logits become probabilities * 255 by a table, in the caller's plain order.</summary>
/// <param name="from">The planes of logits.</param>
/// <param name="table">256 results.</param>
internal sealed unsafe class ByteOutputStep(int from, byte[] table) : ByteStep
{
    private readonly byte[] table = table;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ByteMemory memory, int begin, int end)
    {
        var (planes, shape) = (memory.Planes[from], memory.Planes[from].Shape);
        var plane = (long)shape.Height * shape.Width;
        for (var y = begin; y < end; y++)
            for (var quad = 0; quad < shape.Quads; quad++)
            {
                var line = planes.Data + shape.Place(quad, y, 0);
                LookUp(line, shape.Steps * 64);
                ByteLanes.ToPixels((uint*)line, 0, shape.Steps, shape.Steps, shape.Width, memory.Line);
                var channels = Math.Min(4, shape.Channels - quad * 4);
                Split(memory.Line, shape.Width, memory.Output + quad * 4 * plane + (long)y * shape.Width, plane, channels);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LookUp(byte* bytes, int count)
    {
        fixed (byte* all = table)
        {
            if (!Avx512Vbmi.IsSupported)
            {
                for (var i = 0; i < count; i++) bytes[i] = all[bytes[i]];
                return;
            }
            var (a, b) = (Vector512.Load(all), Vector512.Load(all + 64));
            var (c, d) = (Vector512.Load(all + 128), Vector512.Load(all + 192));
            for (var i = 0; i < count; i += 64)
            {
                var index = Vector512.Load(bytes + i);
                var (low, high) = (Avx512Vbmi.PermuteVar64x8x2(a, index, b), Avx512Vbmi.PermuteVar64x8x2(c, index, d));
                Vector512.ConditionalSelect(Vector512.LessThan(index, Vector512.Create((byte)128)), low, high).Store(bytes + i);
            }
        }
    }

    /// <summary>The first channels of words of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Split(uint* words, int count, byte* to, long plane, int channels)
    {
        var n = 0;
        if (Avx512Vbmi.IsSupported)
            for (; n + 16 <= count; n += 16)
            {
                var split = Avx512Vbmi.PermuteVar64x8(Vector512.Load((byte*)(words + n)), Order);
                split.GetLower().GetLower().Store(to + n);
                if (channels > 1) split.GetLower().GetUpper().Store(to + plane + n);
                if (channels > 2) split.GetUpper().GetLower().Store(to + 2 * plane + n);
                if (channels > 3) split.GetUpper().GetUpper().Store(to + 3 * plane + n);
            }
        for (; n < count; n++)
            for (var c = 0; c < channels; c++) to[c * plane + n] = (byte)(words[n] >> 8 * c);
    }

    private static Vector512<byte> Order
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(
            (byte)0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60,
            1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41, 45, 49, 53, 57, 61,
            2, 6, 10, 14, 18, 22, 26, 30, 34, 38, 42, 46, 50, 54, 58, 62,
            3, 7, 11, 15, 19, 23, 27, 31, 35, 39, 43, 47, 51, 55, 59, 63);
    }
}
