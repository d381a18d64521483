namespace Connecto.BrainNetworks;

/// <summary>The jumps of a run, listed: for other simulators that are to be given the same.</summary>
public static class SpikeInputSteps
{
    /// <summary>All jumps of all Poisson inputs.</summary>
    /// <param name="inputs">The inputs.</param>
    /// <param name="parameters">For the length of a step.</param>
    /// <param name="steps">Steps of the run.</param>
    /// <returns>The step, and which of <see cref="SpikeInputs.Poisson"/> jumps; ascending by step.</returns>
    public static IReadOnlyList<(int Step, int Input)> Of(SpikeInputs inputs, LifParameters parameters, int steps)
    {
        var number = new Dictionary<int, int>();
        for (var i = 0; i < inputs.Poisson.Count; i++) number[inputs.Poisson[i].Neuron] = i;
        var jumps = new PoissonJumps(inputs.Poisson, inputs, parameters.StepMs);
        var all = new List<(int, int)>();
        for (var step = 0; step < steps; step++)
            foreach (var input in jumps.At(step)) all.Add((step, number[jumps.Neuron(input)]));
        return all;
    }
}
