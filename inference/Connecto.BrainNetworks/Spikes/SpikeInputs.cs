namespace Connecto.BrainNetworks;

/// <summary>A neuron's potential jumps at random steps.</summary>
/// <param name="Neuron">The neuron.</param>
/// <param name="RateHz">Mean rate of jumps; in each step there is one with the chance rate * step, or none (at most 1).</param>
/// <param name="JumpMv">What each adds to v.</param>
/// <param name="Stream">Which stream of random numbers it draws from, beside the seed and the trial.</param>
public readonly record struct PoissonInput(int Neuron, double RateHz, double JumpMv, ulong Stream)
{
    /// <summary>The rate of the whole-brain model.</summary>
    public const double DefaultRateHz = 150;

    /// <summary>The jump of the whole-brain model, 250 contacts of 0.275 mV: a spike at the next step, whatever the state.</summary>
    public const double DefaultJumpMv = 250 * 0.275;
}

/// <summary>A constant current into a neuron.</summary>
/// <param name="Neuron">The neuron.</param>
/// <param name="Mv">Current times the resistance of the membrane: how far it moves the potential in the end.</param>
public readonly record struct CurrentInput(int Neuron, double Mv);

/// <summary>What silencing a neuron takes away.</summary>
public enum Silencing
{
    /// <summary>Its spikes reach nobody, but it fires and is recorded, as in the whole-brain model.</summary>
    Outputs,

    /// <summary>It does not fire.</summary>
    Firing,
}

/// <summary>What is done to a network's neurons, by their numbers.</summary>
public sealed record SpikeInputs
{
    /// <summary>Random jumps, one input a neuron at most.</summary>
    public IReadOnlyList<PoissonInput> Poisson { get; init; } = [];

    /// <summary>Constant currents; several into one neuron add up.</summary>
    public IReadOnlyList<CurrentInput> Currents { get; init; } = [];

    /// <summary>Silenced neurons.</summary>
    public IReadOnlyList<int> Silenced { get; init; } = [];

    /// <summary>What that takes away.</summary>
    public Silencing Silencing { get; init; } = Silencing.Outputs;

    /// <summary>Refractory period of neurons with random jumps, ms; 0 in the whole-brain model, so that every jump makes a spike.</summary>
    public double StimulatedRefractoryMs { get; init; }

    /// <summary>Seed of the random jumps.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Number of the trial: other jumps with the same seed.</summary>
    public int Trial { get; init; }

    internal void Check(int neurons)
    {
        var seen = new HashSet<int>();
        foreach (var input in Poisson)
        {
            Known(input.Neuron, neurons);
            if (!seen.Add(input.Neuron)) throw Bad($"Neuron number {input.Neuron} has two Poisson inputs; one was expected");
            if (!(input.RateHz >= 0) || !double.IsFinite(input.RateHz)) throw Bad($"The rate of {input.RateHz} Hz is not 0 or more");
            if (!double.IsFinite(input.JumpMv)) throw Bad($"The jump of {input.JumpMv} mV is no finite number");
        }
        foreach (var input in Currents)
        {
            Known(input.Neuron, neurons);
            if (!double.IsFinite(input.Mv)) throw Bad($"The current of {input.Mv} mV is no finite number");
        }
        foreach (var neuron in Silenced) Known(neuron, neurons);
        if (!(StimulatedRefractoryMs is >= 0 and <= 1e6))
            throw Bad($"The refractory period of {StimulatedRefractoryMs} ms is not between 0 and 1e6");
    }

    private static void Known(int neuron, int neurons)
    {
        if ((uint)neuron >= (uint)neurons) throw Bad($"There is no neuron number {neuron} among {neurons}");
    }

    private static InvalidDataException Bad(string what) => new(what + "; nothing was run.");
}
