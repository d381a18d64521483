namespace Connecto.BrainNetworks.Tests;

/// <summary>The definition of a run of spikes: every neuron at every step, with arrays and loops alone.</summary>
/// <remarks>Its numbers are those of <see cref="LifDecay"/>, by Math.Exp instead of tables.</remarks>
internal sealed class SteppedNetwork
{
    private readonly LifParameters _p;
    private readonly double _slowTau, _fastTau, _perContact;
    private readonly bool _membraneIsSlow;

    private SteppedNetwork(LifParameters p)
    {
        _p = p;
        _membraneIsSlow = p.MembraneTauMs > p.SynapseTauMs;
        (_slowTau, _fastTau) = _membraneIsSlow ? (p.MembraneTauMs, p.SynapseTauMs) : (p.SynapseTauMs, p.MembraneTauMs);
        _perContact = p.MvPerContact * p.SynapseTauMs / Math.Abs(p.MembraneTauMs - p.SynapseTauMs);
    }

    public static List<Spike> Run(SynapseColumns columns, LifParameters p, SpikeInputs inputs, int steps) =>
        new SteppedNetwork(p).Run(columns, inputs, steps);

    private List<Spike> Run(SynapseColumns columns, SpikeInputs inputs, int steps)
    {
        var n = columns.Neurons;
        double[] slow = new double[n], fast = new double[n], threshold = new double[n];
        int[] anchor = new int[n], refractory = new int[n];
        Array.Fill(anchor, -1);
        Array.Fill(threshold, _p.ThresholdMv - _p.RestMv);
        Array.Fill(refractory, Math.Max(1, _p.Steps(_p.RefractoryMs)));
        foreach (var (neuron, mv) in inputs.Currents)
        {
            threshold[neuron] -= mv;
            AddPotential(neuron, -mv);
        }
        foreach (var input in inputs.Poisson) refractory[input.Neuron] = Math.Max(1, _p.Steps(inputs.StimulatedRefractoryMs));
        var jumps = new PoissonJumps(inputs.Poisson, inputs, _p.StepMs);
        var spikes = new List<Spike>();
        for (var step = 0; step < steps; step++)
        {
            var fired = Enumerable.Range(0, n).Where(i =>
                step >= anchor[i] && Potential(i, step) > threshold[i]
                && !(inputs.Silencing == Silencing.Firing && inputs.Silenced.Contains(i))).ToArray();
            foreach (var i in fired)
            {
                spikes.Add(new Spike(step, i));
                anchor[i] = step + refractory[i];
                (slow[i], fast[i]) = (0, 0);
                AddPotential(i, (threshold[i] + (_p.ResetMv - _p.ThresholdMv)) * Decay(1, _membraneIsSlow ? _slowTau : _fastTau));
            }
            foreach (var input in jumps.At(step).ToArray())
                if (Carry(jumps.Neuron(input), step)) AddPotential(jumps.Neuron(input), jumps.JumpMv(input));
            var arriving = new SortedDictionary<int, int>();
            foreach (var spike in spikes.SkipWhile(s => s.Step < step - _p.DelaySteps).TakeWhile(s => s.Step == step - _p.DelaySteps))
            {
                if (inputs.Silencing == Silencing.Outputs && inputs.Silenced.Contains(spike.Neuron)) continue;
                var column = columns.Of(spike.Neuron);
                for (var k = 0; k < column.Targets.Length; k++)
                    arriving[column.Targets[k]] = arriving.GetValueOrDefault(column.Targets[k]) + column.Contacts[k];
            }
            foreach (var (neuron, contacts) in arriving)
            {
                if (!Carry(neuron, step)) continue;
                slow[neuron] += _perContact * contacts;
                fast[neuron] += _perContact * contacts;
            }
        }
        return spikes;

        void AddPotential(int i, double mv)
        {
            if (_membraneIsSlow) slow[i] += mv;
            else fast[i] -= mv;
        }

        double Potential(int i, int step) =>
            slow[i] * Decay(step - anchor[i], _slowTau) - fast[i] * Decay(step - anchor[i], _fastTau);

        bool Carry(int i, int step)
        {
            if (step < anchor[i]) return false;
            slow[i] *= Decay(step - anchor[i], _slowTau);
            fast[i] *= Decay(step - anchor[i], _fastTau);
            anchor[i] = step;
            return true;
        }
    }

    private double Decay(int steps, double tau) =>
        steps >= Math.Ceiling(60 * Math.Log(2) * _slowTau / _p.StepMs) ? 0 : Math.Exp(-steps * _p.StepMs / tau);
}
