namespace Connecto.BrainNetworks;

/// <summary>The leaky integrate-and-fire neuron of the whole-brain model of Shiu et al. 2024 (Nature 634:210), and its defaults.</summary>
/// <remarks>
/// <code>
/// tau_m dv/dt = rest - v + g + current      tau_s dg/dt = -g      (both held while refractory)
/// </code>
/// A contact that a spike reaches adds <see cref="MvPerContact"/>, with the edge's sign, to g at once. The paper calls these alpha
/// synapses: g itself jumps and decays exponentially, and what g charges, v, has the rounded course (a difference of two exponentials)
/// that becomes the alpha function t exp(-t / tau) where both time constants agree; here they must differ.
/// One step, in the order in which Brian2 takes it: a neuron that is not refractory is advanced by the exact solution; it spikes
/// where v is above the threshold; Poisson jumps, then spikes that are a delay old, reach the neurons that are not refractory (a neuron that
/// spikes in this step already is: what reaches it is lost); those that spiked have v reset and g emptied. A neuron that spiked
/// at step s is next advanced at step s + refractory.
/// </remarks>
public sealed record LifParameters
{
    /// <summary>Potential that a neuron rests and starts at, mV.</summary>
    public double RestMv { get; init; } = -52;

    /// <summary>Potential after a spike, mV.</summary>
    public double ResetMv { get; init; } = -52;

    /// <summary>A neuron spikes above this potential, mV.</summary>
    public double ThresholdMv { get; init; } = -45;

    /// <summary>Time constant of the membrane, ms.</summary>
    public double MembraneTauMs { get; init; } = 20;

    /// <summary>Time constant of a synapse's effect, ms; must differ from the membrane's.</summary>
    public double SynapseTauMs { get; init; } = 5;

    /// <summary>How long a neuron is held after a spike, ms.</summary>
    public double RefractoryMs { get; init; } = 2.2;

    /// <summary>From a spike to its effect, ms; at least a step.</summary>
    public double DelayMs { get; init; } = 1.8;

    /// <summary>What a contact adds to g, mV.</summary>
    public double MvPerContact { get; init; } = 0.275;

    /// <summary>Length of a step, ms.</summary>
    public double StepMs { get; init; } = 0.1;

    /// <summary>The delay in steps.</summary>
    public int DelaySteps => Steps(DelayMs);

    /// <summary>A time in steps, rounded.</summary>
    public int Steps(double ms) => (int)Math.Round(ms / StepMs);

    internal void Check()
    {
        Finite(RestMv, "resting potential");
        Finite(ResetMv, "reset potential");
        Finite(ThresholdMv, "threshold");
        Finite(MvPerContact, "effect of a contact");
        if (!(StepMs > 0) || !double.IsFinite(StepMs)) throw Bad($"The step of {StepMs} ms is not positive");
        if (!(MembraneTauMs >= StepMs) || !(SynapseTauMs >= StepMs) || !double.IsFinite(MembraneTauMs) || !double.IsFinite(SynapseTauMs))
            throw Bad($"Time constants of {MembraneTauMs} and {SynapseTauMs} ms do not fit a step of {StepMs} ms; at least a step was expected");
        if (Math.Abs(MembraneTauMs - SynapseTauMs) < 1e-3 * MembraneTauMs)
            throw Bad($"The time constants of membrane and synapse are both {MembraneTauMs} ms; they must differ by a thousandth at least");
        if (!(DelayMs <= 1e6) || DelaySteps < 1) throw Bad($"The delay of {DelayMs} ms is not a step of {StepMs} ms or more");
        if (!(RefractoryMs is >= 0 and <= 1e6)) throw Bad($"The refractory period of {RefractoryMs} ms is not between 0 and 1e6");
    }

    private static void Finite(double value, string what)
    {
        if (!double.IsFinite(value)) throw Bad($"The {what}, {value} mV, is no finite number");
    }

    private static InvalidDataException Bad(string what) => new(what + "; nothing was run.");
}
