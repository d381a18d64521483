using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>Rates on their way through a <see cref="RateRun"/>, and what is remembered of them.</summary>
internal sealed class RateState
{
    private readonly BrainNetwork _network;
    private readonly RateOptions _options;
    private readonly float[] _rates, _drive, _input, _max;
    private readonly double[] _sum;
    private readonly bool[] _diverged;
    private readonly float _leak;
    private readonly int _firstRow;
    private int? _divergedAt;

    public RateState(BrainNetwork network, RateOptions options)
    {
        (_network, _options) = (network, options);
        var count = network.Neurons.Length;
        (_rates, _drive, _input, _max) = (new float[count], new float[count], new float[count], new float[count]);
        (_sum, _diverged) = (new double[count], new bool[count]);
        _leak = (float)(options.StepMs / options.TauMs);
        _firstRow = network.Layers.Count == 0 ? count : network.Layers[0].FirstRow;
        foreach (var id in options.Inputs)
        {
            var at = network.IndexOf(id);
            if (at < 0)
                throw new InvalidDataException($"Input {id} is not among the network's {count} neurons; nothing was run.");
            _drive[at] = (float)options.InputStrength;
        }
    }

    public ReadOnlySpan<float> Rates => _rates;

    public void Step(int step, WorkerPool pool)
    {
        var driven = step < (_options.InputSteps ?? int.MaxValue);
        _input.AsSpan(0, _firstRow).Clear();
        Advance(0, _firstRow, driven, step);
        foreach (var layer in _network.Layers)
        {
            var weights = layer.Weights;
            weights.Multiply(_rates.AsSpan(0, weights.Columns), _input.AsSpan(layer.FirstRow, weights.Rows), pool);
            Advance(layer.FirstRow, weights.Rows, driven, step);
        }
        for (var i = 0; i < _rates.Length; i++)
        {
            _sum[i] += _rates[i];
            _max[i] = Math.Max(_max[i], _rates[i]);
        }
    }

    public RateSummary Summary()
    {
        var count = _rates.Length;
        var active = _max.Count(rate => rate > 0);
        return new RateSummary
        {
            Steps = _options.Steps,
            MeanRate = count == 0 ? 0 : _sum.Sum() / ((double)count * _options.Steps),
            MaxRate = count == 0 ? 0 : _max.Max(),
            ActiveNeurons = active,
            ActiveFraction = count == 0 ? 0 : (double)active / count,
            DivergedAtStep = _divergedAt,
            DivergedNeurons = _diverged.Count(d => d),
            Neurons =
            [
                .. Enumerable.Range(0, count).Select(
                    i => new NeuronRate(_network.Neurons[i], _sum[i] / _options.Steps, _max[i])),
            ],
        };
    }

    private void Advance(int first, int count, bool driven, int step)
    {
        for (var i = first; i < first + count; i++)
        {
            var input = _input[i] + (driven ? _drive[i] : 0);
            // Written so that NaN, from weights beyond float's range, counts as 0.
            var rate = input > 0 ? input : 0;
            if (_options.Activation == Activation.SaturatingTanh) rate = MathF.Tanh(rate);
            rate = (1 - _leak) * _rates[i] + _leak * rate;
            if (!(rate < _options.RateLimit))
            {
                rate = _options.RateLimit;
                _diverged[i] = true;
                _divergedAt ??= step;
            }
            _rates[i] = rate;
        }
    }
}
