using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Bytes;

/// <summary>A convolution with stride 1 from pixels in plain order to sums or floats in plain order.</summary>
/// <remarks>
/// Between layers planes keep the order of <see cref="BytePlaneShape"/>; where results are wanted in plain order at once, their
/// transposition would cost more than this: interleaved planes are kept once for every horizontal displacement of
/// the window, padded, with lines as long as the output's. Then the tap of any output pixel lies at its own place plus a constant,
/// so the convolution is a product over all pixels of all lines, and whole vectors of sums are stored in place. Given up:
/// three copies of the input for a window of three.
/// </remarks>
internal sealed unsafe class PlainWindows : IDisposable
{
    private readonly BytePlaneShape input;
    private readonly WorkerPool pool;
    private readonly BlockKernel kernel;
    private readonly BlockCut cut;
    private readonly ByteFinish finish;
    private readonly int[][] groups;
    private readonly int window, padding, height, width;
    private readonly AlignedFloats planes;
    private readonly AlignedFloats[] sums, lines;
    private readonly Action<int> pack, multiply;
    private byte* x;
    private int* direct;

    public PlainWindows(ByteFilters filters, BytePlaneShape input, int padding, ByteConvolutionOptions options, WorkerPool pool)
    {
        (this.input, this.pool, this.padding, window) = (input, pool, padding, filters.Width);
        (height, width) = (input.Height + 2 * padding - filters.Height + 1, input.Width + 2 * padding - filters.Width + 1);
        var words = filters.Words();
        cut = BlockCut.Choose(words.Density, words.Columns, height * width, 0);
        groups = RowGroups.Similar(words, cut.Shape.Rows);
        int[] offsets = [.. words.ColumnIndices.ToArray().Select(block => Offset(block, filters))];
        int[] bits = [.. MemoryMarshal.Cast<float, int>(words.Values)];
        var rows = new BlockRows(words.Rows, 1, words.RowStarts.ToArray(), offsets, bits);
        var all = (height * width + 15) / 16;
        kernel = BlockKernel.Create(
            rows, groups, cut.Shape, filters.Start(options.Input.ZeroPoint),
            [cut.Shape.Vectors, all - (cut.Passes - 1) * cut.Shape.Vectors], options.Kernel);
        finish = new ByteFinish(
            filters.Scales,
            new() { Columns = height * width, Input = options.Input, Bias = options.Bias, Activation = options.Activation },
            filters.Outputs);
        // The last vectors read on behind the last pixel.
        planes = new AlignedFloats(input.Quads * (long)PlaneWords * window + 64);
        MemoryMarshal.AsBytes(planes.Span).Fill((byte)options.Input.ZeroPoint);
        sums = [.. Enumerable.Range(0, pool.Threads).Select(_ => new AlignedFloats(cut.Shape.Sums))];
        lines = [.. Enumerable.Range(0, pool.Threads).Select(_ => new AlignedFloats(input.Width + 2 * padding))];
        foreach (var line in lines) MemoryMarshal.AsBytes(line.Span).Fill((byte)options.Input.ZeroPoint);
        (pack, multiply) = (Pack, Multiply);
    }

    private int PlaneWords => (input.Height + 2 * padding) * width;

    public void Run(byte* x, byte* y, ByteResult result)
    {
        this.x = x;
        finish.Begin(y, result, null);
        direct = result == ByteResult.Sums ? (int*)y : null;
        pool.Run(pack);
        pool.Run(multiply);
        GC.KeepAlive(this);
    }

    public void Dispose() => kernel.Dispose();

    /// <summary>Bytes from an output pixel's place to a block's input; blocks ascend by quad, line and pixel of the window.</summary>
    private int Offset(int block, ByteFilters filters)
    {
        var (quad, i, j) = (block / (filters.Height * window), block / window % filters.Height, block % window);
        return checked((int)(((long)(quad * window + j) * PlaneWords + i * width) * 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(int thread)
    {
        var (begin, end) = WorkerPool.Share(input.Quads * input.Height, 1, thread, pool.Threads);
        var line = (uint*)lines[thread].Data;
        var plane = (long)input.Height * input.Width;
        for (var at = begin; at < end; at++)
        {
            var (quad, y) = (at / input.Height, at % input.Height);
            // Channels that fill up have weights of 0: any bytes do.
            byte* a = x + quad * 4 * plane + (long)y * input.Width, b = Channel(quad, 1, a, plane), c = Channel(quad, 2, a, plane),
                d = Channel(quad, 3, a, plane);
            ByteInterleave.Rows(a, b, c, d, input.Width, line + padding);
            var to = (uint*)planes.Data + (long)quad * window * PlaneWords + (long)(y + padding) * width;
            for (var j = 0; j < window; j++, to += PlaneWords)
                new ReadOnlySpan<uint>(line + j, width).CopyTo(new Span<uint>(to, width));
        }
    }

    private byte* Channel(int quad, int place, byte* first, long plane) =>
        quad * 4 + place < input.Channels ? first + place * plane : first;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(int thread)
    {
        var (begin, end) = WorkerPool.Share(cut.Passes, 1, thread, pool.Threads);
        var (stride, all) = (cut.Shape.Vectors * 16, height * width);
        var own = (int*)sums[thread].Data;
        var rows = stackalloc int*[4];
        for (var pass = begin; pass < end; pass++)
        {
            var at = pass * stride;
            var used = Math.Min(stride, all - at);
            var inPlace = direct is not null && used % 16 == 0;
            for (var group = 0; group < groups.Length; group++)
            {
                var members = groups[group];
                for (var r = 0; r < members.Length; r++)
                    rows[r] = inPlace ? direct + (long)members[r] * all + at : own + r * stride;
                kernel.Sum(0, group, (byte*)planes.Data + at * 4L, rows, (used + 15) / 16);
                if (!inPlace) finish.Group(members, own, stride, at, used);
            }
        }
    }
}
