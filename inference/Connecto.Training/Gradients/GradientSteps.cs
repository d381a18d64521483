using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;

namespace Connecto.Training.Gradients;

/// <summary>Sets planes to 0.</summary>
internal sealed unsafe class ClearStep(PlaneArena arena, PlaneLayout layout, int[] planes) : PlaneStep
{
    public override void Run(int thread, int threads)
    {
        foreach (var plane in planes) new Span<float>(arena.Base + plane, layout.Length).Clear();
    }
}

/// <summary>Adds planes to planes.</summary>
internal sealed unsafe class AddPlanesStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout layout, int[] from, int[] to) : PlaneStep
{
    public override void Run(int thread, int threads)
    {
        for (var i = 0; i < to.Length; i++) kernels.Add(arena.Base + to[i], arena.Base + from[i], layout.Length);
    }
}

/// <summary>A rectified value's gradient counts only where the value is positive.</summary>
internal sealed unsafe class GateStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout layout, int[] values, int[] gradients) : PlaneStep
{
    public override void Run(int thread, int threads)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var gradient = arena.Base + gradients[i];
            kernels.Gate(gradient, gradient, arena.Base + values[i], layout.Length);
        }
    }
}

/// <summary>Adds the gradient through a Relu of its own.</summary>
internal sealed unsafe class ReluGradientStep(
    PlaneArena arena, PlaneLayout layout, int[] values, int[] from, int[] to) : PlaneStep
{
    public override void Run(int thread, int threads)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var (value, source, target) = (new Plane(arena, values[i]), new Plane(arena, from[i]), new Plane(arena, to[i]));
            for (var p = 0; p < layout.Length; p++)
                if (value.Data[p] > 0) target.Data[p] += source.Data[p];
        }
    }
}

/// <summary>Adds the gradient through a Sigmoid inside the network, from its outputs.</summary>
internal sealed unsafe class SigmoidGradientStep(
    PlaneArena arena, PlaneLayout layout, int[] values, int[] from, int[] to) : PlaneStep
{
    public override void Run(int thread, int threads)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var (value, source, target) = (new Plane(arena, values[i]), new Plane(arena, from[i]), new Plane(arena, to[i]));
            for (var p = 0; p < layout.Length; p++)
                target.Data[p] += source.Data[p] * value.Data[p] * (1 - value.Data[p]);
        }
    }
}

/// <summary>Adds the gradient of each cell to the first pixel in it that has the maximum.</summary>
internal sealed unsafe class MaxPoolGradientStep(
    PlaneArena arena, PlaneLayout coarse, PlaneLayout fine, int factor, int[] inputs, int[] from, int[] to) : PlaneStep
{
    public override void Run(int thread, int threads)
    {
        for (var i = 0; i < inputs.Length; i++)
            for (var y = 0; y < coarse.Height; y++)
            {
                var source = arena.Base + from[i] + y * coarse.Pitch;
                var value = arena.Base + inputs[i] + y * factor * fine.Pitch;
                var target = arena.Base + to[i] + y * factor * fine.Pitch;
                for (var x = 0; x < coarse.Width; x++)
                {
                    var best = x * factor;
                    for (var dy = 0; dy < factor; dy++)
                        for (var dx = 0; dx < factor; dx++)
                        {
                            var place = dy * fine.Pitch + x * factor + dx;
                            best = value[place] > value[best] ? place : best;
                        }
                    target[best] += source[x];
                }
            }
    }
}

/// <summary>Adds the sum of each cell's gradients to the pixel that was repeated.</summary>
internal sealed unsafe class UpsampleGradientStep(
    PlaneArena arena, PlaneLayout coarse, PlaneLayout fine, int factor, int[] from, int[] to) : PlaneStep
{
    public override void Run(int thread, int threads)
    {
        for (var i = 0; i < to.Length; i++)
            for (var y = 0; y < coarse.Height; y++)
            {
                var source = arena.Base + from[i] + y * factor * fine.Pitch;
                var target = arena.Base + to[i] + y * coarse.Pitch;
                for (var x = 0; x < coarse.Width; x++)
                {
                    float sum = 0;
                    for (var dy = 0; dy < factor; dy++)
                        for (var dx = 0; dx < factor; dx++) sum += source[dy * fine.Pitch + x * factor + dx];
                    target[x] += sum;
                }
            }
    }
}

/// <summary>Adds the gradients of the phases to the pixels that they were taken from.</summary>
internal sealed unsafe class PhaseGradientStep(
    PlaneArena arena, PlaneLayout coarse, PlaneLayout fine, int factor, int[] from, int[] to) : PlaneStep
{
    public override void Run(int thread, int threads)
    {
        for (var i = 0; i < from.Length; i++)
        {
            var (phase, channel) = (i / to.Length, i % to.Length);
            for (var y = 0; y < coarse.Height; y++)
            {
                var source = arena.Base + from[i] + y * coarse.Pitch;
                var target = arena.Base + to[channel] + (y * factor + phase / factor) * fine.Pitch + phase % factor;
                for (var x = 0; x < coarse.Width; x++) target[x * factor] += source[x];
            }
        }
    }
}

/// <summary>A pointer that fits into a tuple.</summary>
internal readonly unsafe struct Plane(PlaneArena arena, int offset)
{
    public float* Data { get; } = arena.Base + offset;
}
