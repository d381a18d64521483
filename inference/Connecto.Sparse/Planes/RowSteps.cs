using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>A step that works row by row: threads share the rows of all its planes.</summary>
internal abstract class RowStep(int planes, int rows) : PlaneStep
{
    public override void Run(int thread, int threads)
    {
        var (begin, end) = WorkerPool.Share(planes * rows, 1, thread, threads);
        while (begin < end)
        {
            var (plane, row) = (begin / rows, begin % rows);
            var stop = Math.Min(rows, row + end - begin);
            Rows(plane, row, stop);
            begin += stop - row;
        }
    }

    /// <summary>Writes some rows of one plane.</summary>
    protected abstract void Rows(int plane, int begin, int end);
}

/// <summary>Maximum of factor x factor cells.</summary>
internal sealed unsafe class MaxPoolStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout from, PlaneLayout to, int factor, int[] inputs, int[] outputs)
    : RowStep(outputs.Length, to.Height)
{
    protected override void Rows(int plane, int begin, int end)
    {
        for (var y = begin; y < end; y++)
        {
            var source = arena.Base + inputs[plane] + y * factor * from.Pitch;
            var target = arena.Base + outputs[plane] + y * to.Pitch;
            if (factor == 2) kernels.PoolPairs(target, source, source + from.Pitch, to.Width);
            else
                for (var x = 0; x < to.Width; x++)
                {
                    var best = source[x * factor];
                    for (var dy = 0; dy < factor; dy++)
                        for (var dx = 0; dx < factor; dx++) best = Max(best, source[dy * from.Pitch + x * factor + dx]);
                    target[x] = best;
                }
        }
    }

    private static float Max(float a, float b) => a > b ? a : b;
}

/// <summary>Nearest-neighbour upsampling.</summary>
internal sealed unsafe class UpsampleStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout from, PlaneLayout to, int factor, int[] inputs, int[] outputs)
    : RowStep(outputs.Length, from.Height)
{
    protected override void Rows(int plane, int begin, int end)
    {
        for (var y = begin; y < end; y++)
        {
            var source = arena.Base + inputs[plane] + y * from.Pitch;
            var target = arena.Base + outputs[plane] + y * factor * to.Pitch;
            if (factor == 2) kernels.RepeatPairs(target, source, from.Width);
            else
                for (var x = 0; x < from.Width; x++)
                    for (var dx = 0; dx < factor; dx++) target[x * factor + dx] = source[x];
            for (var dy = 1; dy < factor; dy++)
                Buffer.MemoryCopy(target, target + dy * to.Pitch, to.Width * sizeof(float), to.Width * sizeof(float));
        }
    }
}

/// <summary>Takes planes apart into their factor x factor phases: outputs are [py][px][channel].</summary>
internal sealed unsafe class PhaseStep(
    PlaneArena arena, PlaneLayout from, PlaneLayout to, int factor, int[] inputs, int[] outputs)
    : RowStep(outputs.Length, to.Height)
{
    protected override void Rows(int plane, int begin, int end)
    {
        var (phase, channel) = (plane / inputs.Length, plane % inputs.Length);
        for (var y = begin; y < end; y++)
        {
            var source = arena.Base + inputs[channel] + (y * factor + phase / factor) * from.Pitch + phase % factor;
            var target = arena.Base + outputs[plane] + y * to.Pitch;
            for (var x = 0; x < to.Width; x++) target[x] = source[x * factor];
        }
    }
}

/// <summary>The sum of several inputs, channel by channel.</summary>
internal sealed unsafe class AddStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout layout, int[][] inputs, int[] outputs)
    : RowStep(outputs.Length, layout.Height)
{
    protected override void Rows(int plane, int begin, int end)
    {
        // Whole rows with their borders: zeros stay zeros.
        var (start, count) = (begin * layout.Pitch, (end - begin) * layout.Pitch);
        var target = arena.Base + outputs[plane] + start;
        new ReadOnlySpan<float>(arena.Base + inputs[0][plane] + start, count).CopyTo(new Span<float>(target, count));
        for (var i = 1; i < inputs.Length; i++) kernels.Add(target, arena.Base + inputs[i][plane] + start, count);
    }
}

/// <summary>max(x, 0).</summary>
internal sealed unsafe class ReluStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout layout, int[] inputs, int[] outputs)
    : RowStep(outputs.Length, layout.Height)
{
    protected override void Rows(int plane, int begin, int end)
    {
        var start = begin * layout.Pitch;
        kernels.Relu(arena.Base + outputs[plane] + start, arena.Base + inputs[plane] + start, (end - begin) * layout.Pitch);
    }
}

/// <summary>1 / (1 + exp(-x)); borders stay 0.</summary>
internal sealed unsafe class SigmoidStep(
    PlaneArena arena, PlaneLayout layout, int[] inputs, int[] outputs)
    : RowStep(outputs.Length, layout.Height)
{
    protected override void Rows(int plane, int begin, int end)
    {
        for (var y = begin; y < end; y++)
        {
            var source = arena.Base + inputs[plane] + y * layout.Pitch;
            var target = arena.Base + outputs[plane] + y * layout.Pitch;
            for (var x = 0; x < layout.Width; x++) target[x] = 1 / (1 + MathF.Exp(-source[x]));
        }
    }
}

/// <summary>Where a caller's planes [C][H][W] lie while a network runs.</summary>
internal sealed unsafe class CallerPlanes
{
    public float* Data { get; set; }
}

/// <summary>Copies a caller's planes in.</summary>
internal sealed unsafe class CopyInStep(
    PlaneArena arena, PlaneLayout layout, CallerPlanes caller, int[] outputs) : RowStep(outputs.Length, layout.Height)
{
    protected override void Rows(int plane, int begin, int end)
    {
        for (var y = begin; y < end; y++)
            new ReadOnlySpan<float>(caller.Data + ((long)plane * layout.Height + y) * layout.Width, layout.Width)
                .CopyTo(new Span<float>(arena.Base + outputs[plane] + y * layout.Pitch, layout.Width));
    }
}

/// <summary>Copies planes out to a caller's.</summary>
internal sealed unsafe class CopyOutStep(
    PlaneArena arena, PlaneLayout layout, CallerPlanes caller, int[] inputs) : RowStep(inputs.Length, layout.Height)
{
    protected override void Rows(int plane, int begin, int end)
    {
        for (var y = begin; y < end; y++)
            new ReadOnlySpan<float>(arena.Base + inputs[plane] + y * layout.Pitch, layout.Width)
                .CopyTo(new Span<float>(caller.Data + ((long)plane * layout.Height + y) * layout.Width, layout.Width));
    }
}
