using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>Maximum of the cells of a factor.</summary>
internal sealed unsafe class MaxPoolStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout from, PlaneLayout to, Extent factor, int[] inputs, int[] outputs)
    : RowStep(to, outputs.Length)
{
    protected override void Row(int plane, int section, int row)
    {
        var source = arena.Base + inputs[plane] + from.RowAt(section * factor.Depth, row * factor.Height);
        var target = arena.Base + outputs[plane] + Target.RowAt(section, row);
        if (factor == new Extent(2, 2))
        {
            kernels.PoolPairs(target, source, source + from.Pitch, Target.Width);
            return;
        }
        for (var x = 0; x < Target.Width; x++, source += factor.Width)
        {
            var best = source[0];
            for (var dz = 0; dz < factor.Depth; dz++)
                for (var dy = 0; dy < factor.Height; dy++)
                    for (var dx = 0; dx < factor.Width; dx++) best = Max(best, source[from.RowAt(dz, dy) + dx]);
            target[x] = best;
        }
    }

    private static float Max(float a, float b) => a > b ? a : b;
}

/// <summary>Mean of the cells of a factor: the sum in the order of the cell, times 1 / its size.</summary>
internal sealed unsafe class AveragePoolStep(
    PlaneArena arena, PlaneLayout from, PlaneLayout to, Extent factor, int[] inputs, int[] outputs)
    : RowStep(to, outputs.Length)
{
    protected override void Row(int plane, int section, int row)
    {
        var source = arena.Base + inputs[plane] + from.RowAt(section * factor.Depth, row * factor.Height);
        var target = arena.Base + outputs[plane] + Target.RowAt(section, row);
        var share = 1f / factor.Count;
        for (var x = 0; x < Target.Width; x++, source += factor.Width)
        {
            float sum = 0;
            for (var dz = 0; dz < factor.Depth; dz++)
                for (var dy = 0; dy < factor.Height; dy++)
                    for (var dx = 0; dx < factor.Width; dx++) sum += source[from.RowAt(dz, dy) + dx];
            target[x] = sum * share;
        }
    }
}

/// <summary>Mean of a whole plane or volume: rows are summed as floats, their sums in double.</summary>
internal sealed unsafe class GlobalPoolStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout from, PlaneLayout to, int[] inputs, int[] outputs)
    : RowStep(to, outputs.Length)
{
    protected override void Row(int plane, int section, int row)
    {
        double sum = 0;
        for (var z = 0; z < from.Depth; z++)
            for (var y = 0; y < from.Height; y++)
                sum += kernels.Sum(arena.Base + inputs[plane] + from.RowAt(z, y), from.Width);
        arena.Base[outputs[plane]] = (float)(sum / ((double)from.Depth * from.Height * from.Width));
    }
}
