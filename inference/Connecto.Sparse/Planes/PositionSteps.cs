using System.Numerics;
using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>The sum of several inputs, channel by channel, in their order.</summary>
internal sealed unsafe class AddStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout layout, int[][] inputs, int[] outputs, TileMode mode) : FlatStep(layout)
{
    private const int Chunk = 1024; // floats that stay in L1 from one input to the next

    // Borders too: zeros stay zeros.
    protected override void Floats(int begin, int end)
    {
        for (var plane = 0; plane < outputs.Length; plane++)
            for (var at = begin; at < end; at += Chunk)
            {
                var count = Math.Min(Chunk, end - at);
                var target = arena.Base + outputs[plane] + at;
                new ReadOnlySpan<float>(arena.Base + inputs[0][plane] + at, count).CopyTo(new Span<float>(target, count));
                for (var i = 1; i < inputs.Length; i++) kernels.Add(target, arena.Base + inputs[i][plane] + at, count);
                if (mode == TileMode.Relu) kernels.Relu(target, target, count);
            }
    }
}

/// <summary>max(x, 0).</summary>
internal sealed unsafe class ReluStep(
    KernelSet kernels, PlaneArena arena, PlaneLayout layout, int[] inputs, int[] outputs) : FlatStep(layout)
{
    protected override void Floats(int begin, int end)
    {
        for (var plane = 0; plane < outputs.Length; plane++)
            kernels.Relu(arena.Base + outputs[plane] + begin, arena.Base + inputs[plane] + begin, end - begin);
    }
}

/// <summary>1 / (1 + exp(-x)); borders stay 0.</summary>
internal sealed unsafe class SigmoidStep(
    PlaneArena arena, PlaneLayout layout, int[] inputs, int[] outputs) : RowStep(layout, outputs.Length)
{
    protected override void Row(int plane, int section, int row)
    {
        var source = arena.Base + inputs[plane] + Target.RowAt(section, row);
        var target = arena.Base + outputs[plane] + Target.RowAt(section, row);
        for (var x = 0; x < Target.Width; x++) target[x] = 1 / (1 + MathF.Exp(-source[x]));
    }
}

/// <summary>A function of every value by itself that leaves 0 as it is, so that borders stay 0.</summary>
internal sealed unsafe class FunctionStep(
    PlaneArena arena, PlaneLayout layout, PlaneOperation function, int[] inputs, int[] outputs) : FlatStep(layout)
{
    protected override void Floats(int begin, int end)
    {
        for (var plane = 0; plane < outputs.Length; plane++)
        {
            var source = arena.Base + inputs[plane];
            var target = arena.Base + outputs[plane];
            // Whole vectors, so that a value's bits do not depend on where a band ends.
            if (function == PlaneOperation.Tanh)
                for (var i = begin; i < end; i += Vector<float>.Count) Elementary.Tanh(Vector.Load(source + i)).Store(target + i);
            else
                for (var i = begin; i < end; i += Vector<float>.Count) Elementary.Gelu(Vector.Load(source + i)).Store(target + i);
        }
    }
}

/// <summary>x * scale + shift by channel, fused or not as the vectors do it; borders stay 0.</summary>
internal sealed unsafe class ScaleStep(
    PlaneArena arena, PlaneLayout layout, ChannelScale scale, int[] inputs, int[] outputs) : FlatStep(layout)
{
    protected override void Floats(int begin, int end)
    {
        var i = begin;
        for (var plane = 0; plane < outputs.Length; plane++)
        {
            var (factor, shift) = (new Vector<float>(scale.Factors[plane]), new Vector<float>(scale.Shifts[plane]));
            for (i = begin; i < end; i += Vector<float>.Count)
                Vector.MultiplyAddEstimate(Vector.Load(arena.Base + inputs[plane] + i), factor, shift)
                    .Store(arena.Base + outputs[plane] + i);
        }
        PlaneBorders.Clear(arena.Base, Target, outputs, begin, i);
    }
}
