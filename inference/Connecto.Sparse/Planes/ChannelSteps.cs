using System.Numerics;
using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Planes;

/// <summary>Normalises the channels of every position: mean first, then the variance about it, then the scale; three
/// passes over the channels of a few cache lines, which stay in L1.</summary>
/// <remarks>All lanes go the same way through the channels, so no value's bits depend on its place.</remarks>
internal sealed unsafe class LayerNormStep(
    PlaneArena arena, PlaneLayout layout, NetworkNode node, float[] weights, float[] biases, int[] inputs, int[] outputs)
    : FlatStep(layout)
{
    protected override void Floats(int begin, int end)
    {
        var i = begin;
        var share = new Vector<float>(1f / inputs.Length);
        var epsilon = new Vector<float>((float)node.Epsilon);
        for (; i < end; i += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            foreach (var plane in inputs) sum += Vector.Load(arena.Base + plane + i);
            var mean = sum * share;
            var squares = Vector<float>.Zero;
            foreach (var plane in inputs)
            {
                var distance = Vector.Load(arena.Base + plane + i) - mean;
                squares += distance * distance;
            }
            var factor = Vector<float>.One / Vector.SquareRoot(squares * share + epsilon);
            for (var c = 0; c < outputs.Length; c++)
                ((Vector.Load(arena.Base + inputs[c] + i) - mean) * factor * weights[c] + new Vector<float>(biases[c]))
                    .Store(arena.Base + outputs[c] + i);
        }
        PlaneBorders.Clear(arena.Base, Target, outputs, begin, i);
    }
}

/// <summary>exp(x - maximum) over its sum, over the channels of every position.</summary>
internal sealed unsafe class SoftmaxStep(
    PlaneArena arena, PlaneLayout layout, int[] inputs, int[] outputs) : FlatStep(layout)
{
    protected override void Floats(int begin, int end)
    {
        var i = begin;
        for (; i < end; i += Vector<float>.Count)
        {
            var most = Vector.Load(arena.Base + inputs[0] + i);
            for (var c = 1; c < inputs.Length; c++) most = Vector.Max(most, Vector.Load(arena.Base + inputs[c] + i));
            var sum = Vector<float>.Zero;
            for (var c = 0; c < inputs.Length; c++)
            {
                var power = Elementary.Exp(Vector.Load(arena.Base + inputs[c] + i) - most);
                sum += power;
                power.Store(arena.Base + outputs[c] + i);
            }
            var factor = Vector<float>.One / sum;
            foreach (var plane in outputs) (Vector.Load(arena.Base + plane + i) * factor).Store(arena.Base + plane + i);
        }
        PlaneBorders.Clear(arena.Base, Target, outputs, begin, i);
    }
}
