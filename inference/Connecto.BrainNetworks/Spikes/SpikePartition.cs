using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Connecto.BrainNetworks;

/// <summary>A range of neurons on its way through time, a window of one delay after the other.</summary>
/// <remarks>
/// The idea: spikes take a delay, so what arrives within a window of that length is known when it begins, and ranges of neurons
/// need to meet once a window alone (Morrison et al. 2005). Within it work follows activity:
/// a spike touches the targets of its own column, which are carried from their last anchor to this step by two table entries;
/// a neuron that nothing touches costs nothing. After an input the potential has one maximum (see <see cref="LifDecay"/>), and where
/// slow and slow - fast are both at most the threshold it stays below it: fast >= 0 leaves u &lt;= slow, fast &lt; 0 leaves u &lt;= u(now).
/// Only where that bound fails are the steps ahead looked at, to the end of the window or until the potential falls; a crossing is noted for its
/// step and proved again there, for inputs may come between. What is given up: such a neuron is looked at step by step (some 90 steps
/// to the maximum at most) where a logarithm would do; the steps are a nanosecond each.
/// </remarks>
internal sealed class SpikePartition
{
    // Below this the potential of a falling neuron cannot come back by rounding; a threshold below it is always watched.
    private const double MarginMv = 1e-9;

    private readonly SynapseColumns _columns;
    private readonly LifDecay _decay;
    private readonly Vector128<double>[] _both;
    private readonly LifNeuron[] _neurons;
    private readonly int[] _refractory;
    private readonly HashSet<int> _mute = [];
    private readonly PoissonJumps _jumps;
    private readonly int _begin, _end, _window;
    private readonly double _resetFromThreshold;
    private readonly List<int>[] _noted;
    private readonly List<int> _near = [];
    private readonly bool[] _isWatched;
    private List<int> _watched = [], _stillWatched = [];
    private int _first, _windowEnd;

    public SpikePartition(SynapseColumns columns, LifParameters p, SpikeInputs inputs, int begin, int end)
    {
        (_columns, _begin, _end, _window) = (columns, begin, end, p.DelaySteps);
        _decay = new LifDecay(p);
        _both = _decay.Both;
        _neurons = new LifNeuron[end - begin];
        _refractory = new int[end - begin];
        _isWatched = new bool[end - begin];
        _noted = [.. Enumerable.Range(0, _window).Select(_ => new List<int>())];
        _resetFromThreshold = p.ResetMv - p.ThresholdMv;
        _neurons.AsSpan().Fill(new LifNeuron { Threshold = p.ThresholdMv - p.RestMv, Anchor = -1 });
        _refractory.AsSpan().Fill(Math.Max(1, p.Steps(p.RefractoryMs)));
        foreach (var current in inputs.Currents.Where(c => Owns(c.Neuron)))
        {
            ref var neuron = ref _neurons[current.Neuron - begin];
            neuron.Threshold -= current.Mv;
            neuron.State -= current.Mv * _decay.Jump;
        }
        foreach (var input in inputs.Poisson.Where(i => Owns(i.Neuron)))
            _refractory[input.Neuron - begin] = Math.Max(1, p.Steps(inputs.StimulatedRefractoryMs));
        foreach (var neuron in inputs.Silenced.Where(Owns))
            if (inputs.Silencing == Silencing.Firing) _neurons[neuron - begin].Threshold = double.PositiveInfinity;
        if (inputs.Silencing == Silencing.Outputs) _mute.UnionWith(inputs.Silenced);
        _jumps = new PoissonJumps(inputs.Poisson.Where(i => Owns(i.Neuron)), inputs, p.StepMs);
        for (var i = 0; i < _neurons.Length; i++)
            if (MayCross(in _neurons[i])) Watch(i);
    }

    /// <summary>Contacts of neurons with neurons of this range that were carried.</summary>
    public long Events { get; private set; }

    /// <summary>Spikes of the last window, ascending.</summary>
    public List<Spike> Fired { get; } = [];

    /// <summary>Runs a window.</summary>
    /// <param name="first">Its first step, a multiple of the delay.</param>
    /// <param name="steps">Its length; the delay, but for the last.</param>
    /// <param name="arriving">All spikes of the window before, ascending.</param>
    public void Run(int first, int steps, ReadOnlySpan<Spike> arriving)
    {
        Fired.Clear();
        (_first, _windowEnd) = (first, first + steps);
        LookAhead(first);
        var next = 0;
        for (var step = first; step < _windowEnd; step++)
        {
            FireNoted(step, _noted[step - first]);
            foreach (var input in _jumps.At(step)) Jump(_jumps.Neuron(input) - _begin, _jumps.JumpMv(input), step);
            for (; next < arriving.Length && arriving[next].Step == step - _window; next++)
                if (_mute.Count == 0 || !_mute.Contains(arriving[next].Neuron))
                    Push(_columns.Of(arriving[next].Neuron), step);
            foreach (var neuron in CollectionsMarshal.AsSpan(_near)) Look(neuron, step + 1);
            _near.Clear();
        }
    }

    private bool Owns(int neuron) => neuron >= _begin && neuron < _end;

    private void FireNoted(int step, List<int> noted)
    {
        if (noted.Count == 0) return;
        var before = Fired.Count;
        foreach (var i in CollectionsMarshal.AsSpan(noted))
            if (Potential(in _neurons[i], step) > _neurons[i].Threshold)
                Fire(i, step);
        noted.Clear();
        CollectionsMarshal.AsSpan(Fired)[before..].Sort();
    }

    private void Fire(int i, int step)
    {
        Fired.Add(new Spike(step, _begin + i));
        ref var neuron = ref _neurons[i];
        neuron.Anchor = step + _refractory[i];
        // The first step after the pause advances it already.
        neuron.State = (neuron.Threshold + _resetFromThreshold) * _decay.Jump * _both[1];
        neuron.Contacts = 0;
        if (MayCross(in neuron)) Look(i, step + 1);
    }

    private void Jump(int i, double mv, int step)
    {
        ref var neuron = ref _neurons[i];
        if (step < neuron.Anchor) return;
        if (step > neuron.Anchor) Carry(ref neuron, step);
        neuron.State += mv * _decay.Jump;
        if (MayCross(in neuron)) _near.Add(i);
    }

    private void Push(SynapseColumn column, int step)
    {
        if (_neurons.Length < _columns.Neurons) column = column.Within(_begin, _end);
        var targets = column.Targets;
        var contacts = column.Contacts;
        for (var k = 0; k < targets.Length; k++)
        {
            ref var neuron = ref _neurons[targets[k] - _begin];
            if (step < neuron.Anchor) continue;
            if (step > neuron.Anchor) Carry(ref neuron, step);
            neuron.Contacts += contacts[k];
            if (MayCross(in neuron)) _near.Add(targets[k] - _begin);
        }
        Events += targets.Length;
    }

    private void Carry(ref LifNeuron neuron, int step)
    {
        neuron.State = neuron.Whole(_decay.PerContact) * _decay.After(step - neuron.Anchor);
        (neuron.Anchor, neuron.Contacts) = (step, 0);
    }

    private bool MayCross(in LifNeuron neuron)
    {
        var whole = neuron.Whole(_decay.PerContact);
        return !(Math.Max(whole[0], whole[0] - whole[1]) <= neuron.Threshold) || neuron.Threshold < MarginMv;
    }

    /// <summary>Minus infinity while refractory.</summary>
    private double Potential(in LifNeuron neuron, int step)
    {
        if (step < neuron.Anchor) return double.NegativeInfinity;
        var now = neuron.Whole(_decay.PerContact) * _decay.After(step - neuron.Anchor);
        return now[0] - now[1];
    }

    /// <summary>Notes the next crossing in this window, or keeps the neuron for the next unless its potential falls.</summary>
    private void Look(int i, int from)
    {
        ref readonly var neuron = ref _neurons[i];
        var whole = neuron.Whole(_decay.PerContact);
        for (var step = Math.Max(from, neuron.Anchor); step < _windowEnd; step++)
        {
            var now = whole * _decay.After(step - neuron.Anchor);
            var u = now[0] - now[1];
            if (u > neuron.Threshold)
            {
                _noted[step - _first].Add(i);
                return;
            }
            var slopes = now * _decay.Rates;
            if (slopes[0] >= slopes[1] && u < neuron.Threshold - MarginMv && neuron.Threshold >= MarginMv) return;
        }
        Watch(i);
    }

    private void Watch(int i)
    {
        if (_isWatched[i]) return;
        _isWatched[i] = true;
        _stillWatched.Add(i);
    }

    private void LookAhead(int first)
    {
        (_watched, _stillWatched) = (_stillWatched, _watched);
        foreach (var i in CollectionsMarshal.AsSpan(_watched))
        {
            _isWatched[i] = false;
            Look(i, first);
        }
        _watched.Clear();
    }
}
