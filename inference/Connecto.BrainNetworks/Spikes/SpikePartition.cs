using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Connecto.BrainNetworks;

/// <summary>A range of neurons on its way through time, a window of one delay after the other.</summary>
/// <remarks>
/// The idea: spikes take a delay, so what arrives within a window of that length is known when it begins, and ranges of neurons
/// need to meet once a window alone (Morrison et al. 2005). Within it work follows activity:
/// a spike touches the targets of its own column, which are carried from their last anchor to this step by two table entries;
/// a neuron that nothing touches costs nothing. After an input the potential has one maximum (see <see cref="LifDecay"/>), and where
/// slow and u(now) are both at most the threshold it stays below it: fast >= 0 leaves u &lt;= slow, fast &lt; 0 leaves u &lt;= u(now).
/// Only where that bound and the maximum itself (<see cref="CanReach"/>) fail is the crossing looked for, along tangents
/// (<see cref="Look"/>), to the end of the window; it is noted for its step and proved again there, for inputs may come between.
/// Steps with many spikes are swept instead (<see cref="Sweep"/>). What is given up: a neuron on its way to its maximum is looked at
/// in every window.
/// </remarks>
internal sealed unsafe class SpikePartition
{
    // Rounding cannot lift a potential by so much; a neuron with a threshold this low or lower is looked at in every window.
    private const double MarginMv = 1e-9;

    // Targets ahead whose neurons are asked for from memory.
    private const int Ahead = 16;

    private readonly SynapseColumns _columns;
    private readonly LifDecay _decay;
    private readonly Vector128<double>[] _both;
    private readonly byte[] _memory;
    private readonly LifNeuron* _neurons;
    private readonly double[] _thresholds;
    private readonly int[] _refractory;
    private readonly HashSet<int> _mute = [];
    private readonly PoissonJumps _jumps;
    private readonly int _begin, _count, _window;
    private readonly double _resetFromThreshold, _perContact, _stepMs, _ratio;
    private readonly double _sweepFrom;
    private readonly List<int>[] _noted;
    private readonly List<int> _near = [];
    private readonly bool[] _isWatched;
    private long[] _gathered = [];
    private List<int> _watched = [], _stillWatched = [];
    private int _first, _windowEnd;

    public SpikePartition(SynapseColumns columns, LifParameters p, SpikeInputs inputs, int begin, int end, double sweepAbove)
    {
        (_columns, _begin, _count, _window, _stepMs) = (columns, begin, end - begin, p.DelaySteps, p.StepMs);
        _decay = new LifDecay(p);
        (_both, _perContact, _ratio) = (_decay.Both, _decay.PerContact, _decay.Rates[1] / _decay.Rates[0]);
        _sweepFrom = Math.Max(1, sweepAbove * columns.Neurons * columns.Neurons / Math.Max(1, columns.Edges));
        _memory = GC.AllocateUninitializedArray<byte>((_count + 2) * sizeof(LifNeuron), pinned: true);
        _neurons = (LifNeuron*)(((nint)Unsafe.AsPointer(ref _memory[0]) + sizeof(LifNeuron) - 1) & -sizeof(LifNeuron));
        (_thresholds, _refractory, _isWatched) = (new double[_count], new int[_count], new bool[_count]);
        _noted = [.. Enumerable.Range(0, _window).Select(_ => new List<int>())];
        _resetFromThreshold = p.ResetMv - p.ThresholdMv;
        new Span<LifNeuron>(_neurons, _count).Fill(new LifNeuron { Anchor = -1 });
        _thresholds.AsSpan().Fill(p.ThresholdMv - p.RestMv);
        _refractory.AsSpan().Fill(Math.Max(1, p.Steps(p.RefractoryMs)));
        foreach (var current in inputs.Currents.Where(c => Owns(c.Neuron)))
        {
            _thresholds[current.Neuron - begin] -= current.Mv;
            _neurons[current.Neuron - begin].State -= current.Mv * _decay.Jump;
        }
        foreach (var input in inputs.Poisson.Where(i => Owns(i.Neuron)))
            _refractory[input.Neuron - begin] = Math.Max(1, p.Steps(inputs.StimulatedRefractoryMs));
        foreach (var neuron in inputs.Silenced.Where(Owns))
            if (inputs.Silencing == Silencing.Firing) _thresholds[neuron - begin] = double.PositiveInfinity;
        if (inputs.Silencing == Silencing.Outputs) _mute.UnionWith(inputs.Silenced);
        _jumps = new PoissonJumps(inputs.Poisson.Where(i => Owns(i.Neuron)), inputs, p.StepMs);
        for (var i = 0; i < _count; i++)
        {
            _neurons[i].Bound = _thresholds[i] < MarginMv ? double.NegativeInfinity : _thresholds[i];
            if (MayCross(i)) Watch(i);
        }
    }

    /// <summary>Contacts of neurons with neurons of this range that were carried.</summary>
    public long Events { get; private set; }

    /// <summary>Spikes of the last window, ascending.</summary>
    public List<Spike> Fired { get; } = [];

    /// <summary>Runs a window.</summary>
    /// <param name="first">Its first step, a multiple of the delay.</param>
    /// <param name="steps">Its length; the delay, but for the last.</param>
    /// <param name="arriving">All spikes of the window before, ascending.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
            var from = next;
            while (next < arriving.Length && arriving[next].Step == step - _window) next++;
            if (next - from >= _sweepFrom) Sweep(arriving[from..next], step);
            else
                foreach (var spike in arriving[from..next])
                    if (!IsMute(spike)) Push(ColumnOf(spike), step);
            if (_near.Count == 0) continue;
            foreach (var neuron in CollectionsMarshal.AsSpan(_near)) Look(neuron, step + 1);
            _near.Clear();
        }
    }

    private bool Owns(int neuron) => neuron >= _begin && neuron < _begin + _count;

    private void FireNoted(int step, List<int> noted)
    {
        if (noted.Count == 0) return;
        var before = Fired.Count;
        foreach (var i in CollectionsMarshal.AsSpan(noted))
        {
            if (step < _neurons[i].Anchor) continue;
            var now = At(in _neurons[i], step);
            if (now[0] - now[1] > _thresholds[i]) Fire(i, step);
            else Look(i, step + 1);
        }
        noted.Clear();
        if (Fired.Count - before > 1) CollectionsMarshal.AsSpan(Fired)[before..].Sort();
    }

    private void Fire(int i, int step)
    {
        Fired.Add(new Spike(step, _begin + i));
        ref var neuron = ref _neurons[i];
        neuron.Anchor = step + _refractory[i];
        // The first step after the pause advances it already.
        neuron.State = (_thresholds[i] + _resetFromThreshold) * _decay.Jump * _both[1];
        neuron.Contacts = 0;
        if (MayCross(i)) Look(i, step + 1);
    }

    private void Jump(int i, double mv, int step)
    {
        ref var neuron = ref _neurons[i];
        if (step < neuron.Anchor) return;
        if (step > neuron.Anchor) Carry(ref neuron, step, 0);
        neuron.State += mv * _decay.Jump;
        if (MayCross(i)) _near.Add(i);
    }

    private bool IsMute(Spike spike) => _mute.Count > 0 && _mute.Contains(spike.Neuron);

    private SynapseColumn ColumnOf(Spike spike)
    {
        var column = _columns.Of(spike.Neuron);
        return _count < _columns.Neurons ? column.Within(_begin, _begin + _count) : column;
    }

    /// <summary>Few spikes: each goes to its targets, wherever their neurons lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Push(SynapseColumn column, int step)
    {
        var targets = column.Targets;
        var contacts = column.Contacts[..targets.Length];
        var neurons = _neurons;
        var (begin, count) = (_begin, (uint)_count);
        for (var k = 0; k < targets.Length; k++)
        {
            Prefetch(neurons + (targets[Math.Min(k + Ahead, targets.Length - 1)] - begin));
            var i = targets[k] - begin;
            if ((uint)i >= count) throw Stray(targets[k]);
            Reach(ref neurons[i], i, contacts[k], step);
        }
        Events += targets.Length;
    }

    /// <summary>Many spikes: contacts are summed a target first, in 8 bytes instead of a neuron's 32, then all neurons are gone through in
    /// order. How many spikes came is counted above bit 40, for contacts that cancel reach a neuron too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sweep(ReadOnlySpan<Spike> spikes, int step)
    {
        const long One = 1L << 40;
        if (_gathered.Length == 0) _gathered = new long[_count];
        var gathered = _gathered;
        foreach (var spike in spikes)
        {
            if (IsMute(spike)) continue;
            var column = ColumnOf(spike);
            var targets = column.Targets;
            var contacts = column.Contacts[..targets.Length];
            for (var k = 0; k < targets.Length; k++)
            {
                var i = targets[k] - _begin;
                if ((uint)i >= (uint)gathered.Length) throw Stray(targets[k]);
                gathered[i] += One + contacts[k];
            }
            Events += targets.Length;
        }
        for (var i = 0; i < gathered.Length; i++)
        {
            if (gathered[i] == 0) continue;
            Reach(ref _neurons[i], i, (int)(gathered[i] - ((gathered[i] + One / 2) & -One)), step);
            gathered[i] = 0;
        }
    }

    // Contacts leave u(now) as it is, so of the bound only slow needs to be asked; and those that inhibit put no crossing forward.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reach(ref LifNeuron neuron, int i, int contacts, int step)
    {
        if (step > neuron.Anchor) Carry(ref neuron, step, contacts);
        else if (step == neuron.Anchor) neuron.Contacts += contacts;
        else return;
        if (contacts <= 0) return;
        var more = _perContact * neuron.Contacts;
        if (neuron.State[0] + more > neuron.Bound && CanReach(neuron.State[0] + more, neuron.State[1] + more, neuron.Bound)) _near.Add(i);
    }

    /// <summary>Whether the maximum of the potential, from now on, may be above the bound.</summary>
    /// <remarks>It is slow (1 - 1 / r) (slow / (r fast))^(1 / (r - 1)), r the ratio of the time constants; for 4, the model's own, without a root.</remarks>
    private bool CanReach(double slow, double fast, double bound)
    {
        if (!(bound > 0)) return true;
        if (!(_ratio * fast > slow)) return slow - fast > bound - MarginMv;
        var near = bound * (1 - MarginMv);
        return _ratio == 4
            ? 27.0 / 256 * slow * slow * slow * slow > near * near * near * fast
            : slow * (1 - 1 / _ratio) * Math.Pow(slow / (_ratio * fast), 1 / (_ratio - 1)) > near;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address)
    {
        if (System.Runtime.Intrinsics.X86.Sse.IsSupported) System.Runtime.Intrinsics.X86.Sse.Prefetch0(address);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Carry(ref LifNeuron neuron, int step, int contacts)
    {
        neuron.State = At(in neuron, step);
        (neuron.Anchor, neuron.Contacts) = (step, contacts);
    }

    /// <summary>(slow, fast) at a step that is not before the anchor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<double> At(in LifNeuron neuron, int step) =>
        (neuron.State + Vector128.Create(_perContact * neuron.Contacts)) * _both[Math.Min(step - neuron.Anchor, _both.Length - 1)];

    private bool MayCross(int i)
    {
        var now = At(in _neurons[i], _neurons[i].Anchor);
        return !(Math.Max(now[0], now[0] - now[1]) <= _neurons[i].Bound);
    }

    /// <summary>Notes the next crossing in this window, keeps the neuron for the next window, or forgets it where its potential falls.</summary>
    /// <remarks>Where u rises it is concave, from there on below its tangent: no step can cross before the tangent does, and Newton's
    /// method comes to the crossing from below in two or three looks.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Look(int i, int from)
    {
        ref readonly var neuron = ref _neurons[i];
        var threshold = _thresholds[i];
        for (var step = Math.Max(from, neuron.Anchor); step < _windowEnd;)
        {
            var now = At(in neuron, step);
            var u = now[0] - now[1];
            if (u > threshold)
            {
                _noted[step - _first].Add(i);
                return;
            }
            var slopes = now * _decay.Rates;
            var (rise, left) = ((slopes[1] - slopes[0]) * _stepMs, threshold - MarginMv - u);
            if (threshold < MarginMv || left <= 0) step++;
            else if (rise <= 0) return;
            else step += Math.Max(1, (int)Math.Min(left / rise, _window));
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

    private InvalidDataException Stray(int target) => new(
        $"A column has target {target} where neurons {_begin} to {_begin + _count - 1}, ascending, were expected; the run was stopped.");
}
