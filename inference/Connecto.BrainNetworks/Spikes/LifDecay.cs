using System.Runtime.Intrinsics;

namespace Connecto.BrainNetworks;

/// <summary>The exact solution of the neuron between its inputs, as numbers that every way of running shares.</summary>
/// <remarks>
/// With u = v - rest - current the equations have the solution u(d) = slow * Slow[d] - fast * Fast[d], d steps after an anchor, where
/// Slow and Fast are exp(-d step / tau) of the longer and the shorter time constant. A contact adds the same amount,
/// <see cref="PerContact"/> = mV tau_s / |tau_m - tau_s|, to both coefficients; a jump of the potential changes the one that belongs to the membrane.
/// So a neuron is two coefficients and the step they were true at, and nothing needs to be done between inputs.
/// The potential of a step is DEFINED as these two products and their difference in double, from the last anchor: stepping every
/// neuron and stepping none then give the same bits, and which neurons are looked at cannot change a spike.
/// Slow and Fast are 0 from the step where Slow falls below 2^-60: an error of 1e-18 of a potential.
/// </remarks>
internal sealed class LifDecay
{
    private const double Nothing = 1.0 / (1L << 60);

    public LifDecay(LifParameters p)
    {
        var (slow, fast) = (Math.Max(p.MembraneTauMs, p.SynapseTauMs), Math.Min(p.MembraneTauMs, p.SynapseTauMs));
        Last = (int)Math.Ceiling(-Math.Log(Nothing) * slow / p.StepMs);
        Both = new Vector128<double>[Last + 1];
        for (var d = 0; d < Last; d++)
            Both[d] = Vector128.Create(Math.Exp(-d * p.StepMs / slow), Math.Exp(-d * p.StepMs / fast));
        Jump = p.MembraneTauMs > p.SynapseTauMs ? Vector128.Create(1.0, 0) : Vector128.Create(0, -1.0);
        PerContact = p.MvPerContact * p.SynapseTauMs / Math.Abs(p.MembraneTauMs - p.SynapseTauMs);
        Rates = Vector128.Create(1 / slow, 1 / fast);
    }

    /// <summary>(Slow, Fast) by steps since the anchor; <see cref="Last"/> + 1 of them.</summary>
    public Vector128<double>[] Both { get; }

    /// <summary>From so many steps on both are 0.</summary>
    public int Last { get; }

    /// <summary>What a jump of 1 mV adds to (slow, fast).</summary>
    public Vector128<double> Jump { get; }

    /// <summary>What a contact adds to slow and to fast, mV.</summary>
    public double PerContact { get; }

    /// <summary>(1 / longer, 1 / shorter time constant), 1/ms.</summary>
    public Vector128<double> Rates { get; }
}
