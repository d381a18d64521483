using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>Nearest-neighbour upsampling.</summary>
internal sealed unsafe class UpsampleStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout from, PlaneLayout to, Extent factor, int[] inputs, int[] outputs)
    : RowStep(to, outputs.Length)
{
    protected override void Row(int plane, int section, int row)
    {
        var source = arena.Base + inputs[plane] + from.RowAt(section / factor.Depth, row / factor.Height);
        var target = arena.Base + outputs[plane] + Target.RowAt(section, row);
        if (factor.Width == 2) kernels.RepeatPairs(target, source, from.Width);
        else
            for (var x = 0; x < from.Width; x++)
                for (var dx = 0; dx < factor.Width; dx++) target[x * factor.Width + dx] = source[x];
    }
}

/// <summary>Linear interpolation between pixel centres, along columns and rows: output x lies at (x + 1/2) / factor -
/// 1/2 of the input, held inside it.</summary>
internal sealed unsafe class BilinearStep(
    PlaneArena arena, PlaneLayout from, PlaneLayout to, int factor, int[] inputs, int[] outputs)
    : RowStep(to, outputs.Length)
{
    protected override void Row(int plane, int section, int row)
    {
        var (y, below, down) = Place(row, factor, from.Height);
        var top = arena.Base + inputs[plane] + from.RowAt(section, y);
        var bottom = arena.Base + inputs[plane] + from.RowAt(section, below);
        var target = arena.Base + outputs[plane] + Target.RowAt(section, row);
        for (var i = 0; i < Target.Width; i++)
        {
            var (x, next, right) = Place(i, factor, from.Width);
            var upper = Between(top[x], top[next], right);
            target[i] = Between(upper, Between(bottom[x], bottom[next], right), down);
        }
    }

    /// <summary>The pixels on both sides of an output, and how far it lies from the first towards the
    /// second.</summary>
    public static (int First, int Second, float Share) Place(int output, int factor, int length)
    {
        var twice = Math.Max(0, 2 * output + 1 - factor); // 2 * factor times the place
        var first = twice / (2 * factor);
        return (first, Math.Min(first + 1, length - 1), (float)(twice - 2 * factor * first) / (2 * factor));
    }

    private static float Between(float a, float b, float share) => a * (1 - share) + b * share;
}
