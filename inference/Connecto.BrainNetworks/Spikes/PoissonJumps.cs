namespace Connecto.BrainNetworks;

/// <summary>The steps at which neurons' potentials jump, worked out some hundred steps ahead.</summary>
/// <remarks>
/// A jump in each step with the chance p, independently: so the gaps between jumps are geometric, and one random number a jump
/// is drawn instead of one a step. Every neuron has its own counter, stirred with seed, trial and stream (SplitMix64,
/// Steele et al. 2014): its jumps do not depend on any other neuron, on threads or on how neurons are shared out.
/// </remarks>
internal sealed class PoissonJumps
{
    private const int Ahead = 512;

    private readonly int[] _neurons, _next;
    private readonly double[] _jumps, _logStay;
    private readonly ulong[] _keys, _counters;
    private int[] _order = [], _starts = [0];
    private int _first, _end;

    public PoissonJumps(IEnumerable<PoissonInput> inputs, SpikeInputs all, double stepMs)
    {
        var some = inputs.Where(i => i.RateHz > 0).ToArray();
        _neurons = [.. some.Select(i => i.Neuron)];
        _jumps = [.. some.Select(i => i.JumpMv)];
        _logStay = [.. some.Select(i => double.LogP1(-Math.Min(1, i.RateHz * stepMs / 1000)))];
        _keys = [.. some.Select(i => Stir(Stir(Stir(all.Seed + 1) ^ (uint)all.Trial) ^ i.Stream))];
        _counters = new ulong[some.Length];
        _next = new int[some.Length];
        for (var i = 0; i < some.Length; i++) _next[i] = Gap(i) - 1;
    }

    /// <summary>The inputs that jump at a step; steps are asked for in ascending order, none left out.</summary>
    public ReadOnlySpan<int> At(int step)
    {
        if (step >= _end) Fill(step);
        var at = step - _first;
        return _order.AsSpan(_starts[at], _starts[at + 1] - _starts[at]);
    }

    /// <summary>The neuron of an input.</summary>
    public int Neuron(int input) => _neurons[input];

    /// <summary>The jump of an input, mV.</summary>
    public double JumpMv(int input) => _jumps[input];

    private void Fill(int first)
    {
        (_first, _end) = (first, first + Ahead);
        var jumps = new List<(int Step, int Input)>();
        for (var i = 0; i < _neurons.Length; i++)
            for (; _next[i] < _end; _next[i] = (int)Math.Min(int.MaxValue, (long)_next[i] + Gap(i)))
                jumps.Add((_next[i] - first, i));
        _starts = new int[Ahead + 1];
        foreach (var (step, _) in jumps) _starts[step + 1]++;
        for (var s = 0; s < Ahead; s++) _starts[s + 1] += _starts[s];
        _order = new int[jumps.Count];
        var fill = _starts.AsSpan(0, Ahead).ToArray();
        foreach (var (step, input) in jumps) _order[fill[step]++] = input;
    }

    private int Gap(int input)
    {
        if (double.IsNegativeInfinity(_logStay[input])) return 1;
        var unit = (Stir(_keys[input] + ++_counters[input] * 0x9E3779B97F4A7C15) >> 11) * (1.0 / (1UL << 53));
        return 1 + (int)Math.Min(1 << 30, Math.Log(1 - unit) / _logStay[input]);
    }

    private static ulong Stir(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
