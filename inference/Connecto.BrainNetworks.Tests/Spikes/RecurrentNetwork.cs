namespace Connecto.BrainNetworks.Tests;

/// <summary>The model as the paper and Brian2 write it: v and g of every neuron, from each step to the next by the exact solution.</summary>
internal static class RecurrentNetwork
{
    public static List<Spike> Run(SynapseColumns columns, LifParameters p, SpikeInputs inputs, int steps, Action<int, double[], double[]>? onStep = null)
    {
        var n = columns.Neurons;
        double[] v = new double[n], g = new double[n], current = new double[n];
        int[] last = new int[n], refractory = new int[n];
        Array.Fill(v, p.RestMv);
        Array.Fill(last, -1_000_000);
        Array.Fill(refractory, p.Steps(p.RefractoryMs));
        foreach (var (neuron, mv) in inputs.Currents) current[neuron] += mv;
        foreach (var input in inputs.Poisson) refractory[input.Neuron] = p.Steps(inputs.StimulatedRefractoryMs);
        var jumps = new PoissonJumps(inputs.Poisson, inputs, p.StepMs);
        double em = Math.Exp(-p.StepMs / p.MembraneTauMs), es = Math.Exp(-p.StepMs / p.SynapseTauMs);
        var share = p.SynapseTauMs / (p.SynapseTauMs - p.MembraneTauMs);
        var spikes = new List<Spike>();
        for (var step = 0; step < steps; step++)
        {
            var isAwake = new bool[n];
            for (var i = 0; i < n; i++)
            {
                isAwake[i] = step - last[i] >= refractory[i];
                if (!isAwake[i]) continue;
                var goal = p.RestMv + current[i];
                v[i] = goal + (v[i] - goal - share * g[i]) * em + share * g[i] * es;
                g[i] *= es;
            }
            var fired = Enumerable.Range(0, n).Where(i => isAwake[i] && v[i] > p.ThresholdMv
                && !(inputs.Silencing == Silencing.Firing && inputs.Silenced.Contains(i))).ToArray();
            foreach (var i in fired) (isAwake[i], last[i]) = (false, step);
            foreach (var input in jumps.At(step).ToArray())
                if (isAwake[jumps.Neuron(input)]) v[jumps.Neuron(input)] += jumps.JumpMv(input);
            foreach (var spike in spikes.Where(s => s.Step == step - p.DelaySteps))
            {
                if (inputs.Silencing == Silencing.Outputs && inputs.Silenced.Contains(spike.Neuron)) continue;
                var column = columns.Of(spike.Neuron);
                for (var k = 0; k < column.Targets.Length; k++)
                    if (isAwake[column.Targets[k]]) g[column.Targets[k]] += p.MvPerContact * column.Contacts[k];
            }
            foreach (var i in fired) (v[i], g[i]) = (p.ResetMv, 0);
            spikes.AddRange(fired.Select(i => new Spike(step, i)));
            onStep?.Invoke(step, v, g);
        }
        return spikes;
    }
}
