using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;

namespace Connecto.Sparse;

/// <summary>The steps and the memory of a network for one input size. A plane is used again once its last reader is
/// done.</summary>
internal sealed class NetworkPlan : IDisposable
{
    public NetworkPlan(
        KernelSet kernels, PlaneProgram program, IReadOnlyDictionary<string, PackedWeights> weights,
        IReadOnlyDictionary<string, SparseWeights> sparse, int height, int width, CallerPlanes input, CallerPlanes output)
    {
        Arena = StepFactory.Arena(program, height, width);
        var planes = Place(program);
        List<PlaneStep> steps = [new CopyInStep(Arena, Arena.LayoutOf(1), input, planes[program.Input])];
        foreach (var op in program.Operations)
            steps.Add(StepFactory.Forward(kernels, program, op, Arena, planes, weights, sparse));
        steps.Add(new CopyOutStep(Arena, Arena.LayoutOf(program.Values[program.Output].Scale), output, planes[program.Output]));
        Steps = [.. steps];
    }

    public PlaneArena Arena { get; }

    public PlaneStep[] Steps { get; }

    /// <summary>Gives generated code back.</summary>
    public void Dispose()
    {
        foreach (var step in Steps) (step as IDisposable)?.Dispose();
    }

    /// <summary>Takes planes in the order of the operations, and releases each value after its last reader.</summary>
    private int[][] Place(PlaneProgram program)
    {
        var lastReader = new int[program.Values.Count];
        Array.Fill(lastReader, -1);
        for (var i = 0; i < program.Operations.Count; i++)
            foreach (var owner in program.Operations[i].Inputs.SelectMany(program.Owners)) lastReader[owner] = i;
        foreach (var owner in program.Owners(program.Output)) lastReader[owner] = int.MaxValue;

        var taken = new int[program.Values.Count][];
        taken[program.Input] = Arena.Take(1, program.Values[program.Input].Channels);
        for (var i = 0; i < program.Operations.Count; i++)
        {
            var op = program.Operations[i];
            taken[op.Output] = Arena.Take(program.Values[op.Output].Scale, program.Values[op.Output].Channels);
            foreach (var owner in op.Inputs.SelectMany(program.Owners).Distinct())
                if (lastReader[owner] == i) Arena.Release(taken[owner]);
        }
        Arena.Allocate();
        return [.. Enumerable.Range(0, taken.Length).Select(v => Arena.Offsets([.. program.Owners(v).SelectMany(o => taken[o])]))];
    }
}
