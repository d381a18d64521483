using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;

namespace Connecto.Training.Gradients;

/// <summary>Writes the backward pass: the operations in reverse, each adding to the gradients of what it
/// read.</summary>
/// <remarks>A value's gradient planes are first written by the last of its readers and added to by the others; which is
/// which is settled here, once.</remarks>
internal sealed class BackwardSteps
{
    private readonly KernelSet kernels;
    private readonly PlaneProgram program;
    private readonly PlaneGeometry geometry;
    private readonly PlaneArena arena;
    private readonly int[][] planes;
    private readonly int[][] gradients;
    private readonly WeightTables weights;
    private readonly bool[] needed;
    private readonly bool[] written;
    private readonly List<PlaneStep> steps = [];

    /// <param name="kernels">The variant.</param>
    /// <param name="program">The program.</param>
    /// <param name="geometry">The layouts; the arena is allocated.</param>
    /// <param name="planes">Offsets of the values' planes, by value.</param>
    /// <param name="gradients">Offsets of their gradients' planes, by value.</param>
    /// <param name="weights">Packed weights.</param>
    public BackwardSteps(
        KernelSet kernels, PlaneProgram program, PlaneGeometry geometry, int[][] planes, int[][] gradients, WeightTables weights)
    {
        (this.kernels, this.program, this.geometry, arena) = (kernels, program, geometry, geometry.Arena);
        (this.planes, this.gradients, this.weights) = (planes, gradients, weights);
        needed = Needed(program);
        written = new bool[program.Values.Count];
    }

    /// <summary>The steps from the gradient of one value, already written, to that of all weights.</summary>
    public PlaneStep[] From(int value, ParameterMap map, GradientTarget target)
    {
        foreach (var owner in program.Owners(value)) written[owner] = true;
        foreach (var op in program.Operations.Reverse())
            if (written[op.Output])
            {
                if (op.Rectified)
                    steps.Add(new GateStep(kernels, arena, Layout(op.Output), planes[op.Output], gradients[op.Output]));
                if (op.Operation == PlaneOperation.Convolve) Convolution(op, map, target);
                else if (needed[op.Output]) Other(op);
            }
        return [.. steps];
    }

    private void Convolution(PlaneOp op, ParameterMap map, GradientTarget target)
    {
        var (input, layout) = (op.Inputs[0], Layout(op.Output));
        var pattern = weights.Forward[op.Node.Name].Pattern;
        steps.Add(new WeightGradientStep(
            kernels, arena, layout, pattern, planes[input], gradients[op.Output], target, map.WeightStart(op), map.BiasStart(op)));
        if (!Owners(input).Any(o => needed[o])) return;

        var mode = Owners(input).Any(o => written[o]) ? TileMode.Accumulate : TileMode.Plain;
        if (mode == TileMode.Accumulate) ClearUnwritten(input);
        foreach (var packed in weights.Backward[op.Node.Name])
            steps.Add(new ConvolutionStep(kernels, arena, layout, packed, gradients[op.Output], gradients[input], mode));
        foreach (var owner in Owners(input)) written[owner] = true;
    }

    private void Other(PlaneOp op)
    {
        var from = gradients[op.Output];
        foreach (var input in op.Inputs)
        {
            ClearUnwritten(input);
            var (fine, to) = (Layout(input), gradients[input]);
            steps.Add(op.Operation switch
            {
                PlaneOperation.MaxPool => new MaxPoolGradientStep(
                    arena, Layout(op.Output), fine, op.Node.Stride, planes[input], from, to),
                PlaneOperation.Upsample => new UpsampleGradientStep(
                    kernels, arena, fine, Layout(op.Output), op.Node.Stride, from, to),
                PlaneOperation.Phases => new PhaseGradientStep(arena, Layout(op.Output), fine, op.Node.Stride, from, to),
                PlaneOperation.Add => new AddPlanesStep(kernels, arena, fine, from, to),
                PlaneOperation.Relu => new ReluGradientStep(arena, fine, planes[op.Output], from, to),
                PlaneOperation.Sigmoid => new SigmoidGradientStep(arena, fine, planes[op.Output], from, to),
                _ => throw new ArgumentOutOfRangeException(nameof(op), op.Operation, "No gradient."),
            });
        }
    }

    private void ClearUnwritten(int value)
    {
        foreach (var owner in Owners(value))
        {
            if (!written[owner]) steps.Add(new ClearStep(arena, Layout(owner), gradients[owner]));
            written[owner] = true;
        }
    }

    /// <summary>The values whose gradient some weight depends on.</summary>
    private static bool[] Needed(PlaneProgram program)
    {
        var needed = new bool[program.Values.Count];
        foreach (var op in program.Operations)
            needed[op.Output] = op.Operation == PlaneOperation.Convolve || op.Inputs.SelectMany(program.Owners).Any(o => needed[o]);
        return needed;
    }

    private IEnumerable<int> Owners(int value) => program.Owners(value).Distinct();

    private PlaneLayout Layout(int value) => geometry.LayoutOf(value);
}
