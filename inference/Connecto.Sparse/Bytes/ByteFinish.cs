using System.Runtime.CompilerServices;

namespace Connecto.Sparse.Bytes;

/// <summary>What a product is asked for.</summary>
internal enum ByteResult
{
    /// <summary>The sums themselves.</summary>
    Sums,

    /// <summary>Floats.</summary>
    Floats,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>Carries the sums of a group to where the caller wants them (see <see cref="ByteEpilogue"/>).</summary>
internal sealed unsafe class ByteFinish
{
    private readonly ByteProductOptions options;
    private readonly float[] factors, biases;
    private readonly FourScales[] quads;
    private readonly ByteRequantizer? bytes;
    private byte* output;
    private byte* residual;
    private ByteResult result;

    public ByteFinish(ReadOnlySpan<float> scales, ByteProductOptions options, int rows)
    {
        this.options = options;
        (factors, biases) = (new float[rows], options.Bias?.ToArray() ?? new float[rows]);
        for (var r = 0; r < rows; r++) factors[r] = (float)((double)scales[r] * options.Input.Step);
        bytes = options.Output is { } scale
            ? new ByteRequantizer(scales, options.Input.Step, options.Bias, scale, options.Residual, options.Activation) : null;
        quads = bytes?.Quads() ?? [];
    }

    /// <summary>Says where the next run's results go.</summary>
    public void Begin(byte* output, ByteResult result, byte* residual)
    {
        this.output = output;
        this.result = result;
        this.residual = residual;
    }

    /// <summary>Where a kernel may write sums of row 0 itself; null where they need finishing.</summary>
    public int* Direct(int at, int used) => result == ByteResult.Sums && used % 16 == 0 ? (int*)output + at : null;

    /// <summary>Some columns of a group of rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="sums">Their sums.</param>
    /// <param name="stride">Sums from row to row.</param>
    /// <param name="at">First column.</param>
    /// <param name="used">Columns.</param>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Group(int[] rows, int* sums, int stride, int at, int used)
    {
        long columns = options.Columns;
        if (result == ByteResult.Bytes && options.OutputLayout == ByteLayout.Interleaved)
        {
            // A group is four neighbours; the last may have fewer, whose missing rows have factor 0.
            for (var r = rows.Length; r < 4; r++) new Span<int>(sums + r * stride, used).Clear();
            var quad = rows[0] / 4;
            var place = (quad * columns + at) * 4;
            var whole = used & ~15;
            var more = residual is null ? null : (uint*)(residual + place);
            ByteEpilogue.FourRows(sums, stride, whole, quads[quad], more, (uint*)(output + place));
            if (whole == used) return;
            uint* tail = stackalloc uint[16];
            uint* added = stackalloc uint[16];
            if (more is not null) Unsafe.CopyBlockUnaligned(added, more + whole, (uint)(used - whole) * 4);
            ByteEpilogue.FourRows(sums + whole, stride, 16, quads[quad], more is null ? null : added, tail);
            Unsafe.CopyBlockUnaligned(output + place + whole * 4, tail, (uint)(used - whole) * 4);
            return;
        }
        for (var r = 0; r < rows.Length; r++, sums += stride)
        {
            var place = rows[r] * columns + at;
            if (result == ByteResult.Sums) new ReadOnlySpan<int>(sums, used).CopyTo(new Span<int>((int*)output + place, used));
            else if (result == ByteResult.Floats)
                ByteEpilogue.Floats(
                    sums, used, factors[rows[r]], biases[rows[r]],
                    options.Activation == ProductActivation.Relu ? 0 : float.NegativeInfinity, (float*)output + place);
            else bytes!.Row(rows[r], sums, used, residual is null ? null : residual + place, output + place);
        }
    }
}
