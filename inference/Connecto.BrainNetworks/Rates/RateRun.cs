using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>The rate model tau dr/dt = -r + phi(W r + u), by explicit Euler steps:
/// r[t+1] = (1 - a) r[t] + a phi(W r[t] + u), a = step / tau, r[0] = 0 (Wilson and Cowan 1972, in Dayan and Abbott's form).
/// A layered network takes its layers in order within a step, and a layer sees the new rates of those before it: with
/// a = 1 one step is the plain feed-forward pass, with a &lt; 1 the same fixed point is approached.
/// What was given up: Euler is first order; choose a step well below tau where the course in time matters.</summary>
public static class RateRun
{
    /// <summary>Runs a network.</summary>
    /// <param name="network">Recurrent or layered.</param>
    /// <param name="options">Steps, time constant, drive.</param>
    /// <param name="onStep">Called after every step, from 0, with the rates of all neurons in the network's order; the span
    /// is reused.</param>
    /// <param name="cancellation">Checked at every step.</param>
    /// <exception cref="InvalidDataException">The options are out of range or name an input that is no neuron of the network.</exception>
    /// <remarks>O(weights) a step. Rates are finite whatever the weights: they are held at the limit, and that is reported.
    /// The bits do not depend on the number of threads.</remarks>
    public static RateSummary Run(
        BrainNetwork network, RateOptions options, Action<int, ReadOnlySpan<float>>? onStep = null,
        CancellationToken cancellation = default)
    {
        options.Check();
        var state = new RateState(network, options);
        using var pool = new WorkerPool(options.Threads);
        for (var step = 0; step < options.Steps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            state.Step(step, pool);
            onStep?.Invoke(step, state.Rates);
        }
        return state.Summary();
    }

    /// <summary>Runs a network and keeps all rates, shape (steps, neurons), C order.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Run"/>.</exception>
    /// <exception cref="OverflowException">Steps times neurons pass one array; use <see cref="Run"/> or <see cref="RateFile"/>.</exception>
    public static (float[] Rates, RateSummary Summary) Record(
        BrainNetwork network, RateOptions options, CancellationToken cancellation = default)
    {
        options.Check();
        var rates = new float[checked(options.Steps * network.Neurons.Length)];
        var summary = Run(network, options, Keep, cancellation);
        return (rates, summary);

        void Keep(int step, ReadOnlySpan<float> row) => row.CopyTo(rates.AsSpan(step * row.Length));
    }
}
