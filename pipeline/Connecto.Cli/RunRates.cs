using Connecto.Pipeline;
using Connecto.Volumes.Npy;

namespace Connecto.Cli;

/// <summary>The rates of a network's run, as pictures want them.</summary>
/// <param name="ByNeuron">Row = neuron, column = step.</param>
/// <param name="Neurons">Rows.</param>
/// <param name="Steps">Columns.</param>
/// <param name="StepMs">Length of a step, ms.</param>
internal sealed record RunRates(float[] ByNeuron, int Neurons, int Steps, double StepMs)
{
    /// <summary>Reads network/rates.npy, shape (steps, neurons); null where the network has not run.</summary>
    public static RunRates? Find(RunDirectory run)
    {
        var file = Path.Combine(run.Network, "rates.npy");
        if (!File.Exists(file)) return null;
        var array = NpyFile.Read<float>(file);
        var (steps, neurons) = (array.Shape[0], array.Shape[1]);
        var byNeuron = new float[neurons * steps];
        for (var t = 0; t < steps; t++)
            for (var n = 0; n < neurons; n++)
                byNeuron[n * steps + t] = array.Values[t * neurons + n];
        return new(byNeuron, neurons, steps, new BrainNetworks.RateOptions().StepMs);
    }
}
