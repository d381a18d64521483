using System.Globalization;
using Connecto.BrainNetworks;
using Connecto.Graph.DuckDb;
using Connecto.Pipeline;

namespace Connecto.Cli;

/// <summary>What trials of a spiking network gave, for people, as JSON and as Parquet.</summary>
internal sealed record SpikeOutput(
    ConnectomeSource Source, NetworkRecipe Recipe, SynapseArrays Columns, LifParameters Parameters, SpikeInputs Inputs, double BiologicalSeconds,
    IReadOnlyList<SpikeTrial> Trials, double Seconds)
{
    private double TotalSeconds => BiologicalSeconds * Trials.Count;

    /// <summary>Numbers and spikes of all trials of the neurons that spiked, the most active first.</summary>
    private IEnumerable<(int Neuron, long Spikes)> Active => Enumerable.Range(0, Columns.Neurons)
        .Select(n => (Neuron: n, Spikes: Trials.Sum(t => (long)t.Summary.Counts[n])))
        .Where(n => n.Spikes > 0)
        .OrderByDescending(n => n.Spikes).ThenBy(n => n.Neuron);

    public void WriteJson(int top) => Output.WriteJson(new
    {
        model = "lif",
        neurons = Columns.Neurons,
        edges = Columns.Edges,
        recipe = Recipe,
        parameters = Parameters,
        inputs = new
        {
            poisson = Inputs.Poisson.Select(i => new { id = IdOf(i.Neuron), i.RateHz, i.JumpMv }),
            currents = Inputs.Currents.Select(i => new { id = IdOf(i.Neuron), i.Mv }),
            silenced = Inputs.Silenced.Select(IdOf),
            Inputs.Silencing,
            Inputs.StimulatedRefractoryMs,
            Inputs.Seed,
        },
        biologicalSeconds = BiologicalSeconds,
        seconds = Seconds,
        trials = Trials.Select(t => new { t.Trial, t.Summary.Spikes, t.Summary.ActiveNeurons, t.Summary.Events }),
        active = Active.Take(top).Select(n => new
        {
            id = IdOf(n.Neuron),
            name = Source.Names.NameOf(n.Neuron),
            type = Source.Names.TypeOf(n.Neuron),
            n.Spikes,
            rateHz = n.Spikes / TotalSeconds,
        }),
    });

    public void Print(int top)
    {
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Columns.Neurons:N0} neurons, {Columns.Edges:N0} edges; {Spiking.Rule(Recipe)}"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Inputs.Poisson.Count} neurons stimulated, {Inputs.Currents.Count} with a current, {Inputs.Silenced.Count} silenced: {Trials.Count} trial(s) of {BiologicalSeconds} s in {Seconds:0.000} s"));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Trials.Average(t => t.Summary.Spikes):N1} spikes and {Trials.Average(t => t.Summary.ActiveNeurons):N1} active neurons a trial"));
        var rows = Active.Take(top).Select(n => new[]
        {
            IdOf(n.Neuron), Source.Names.NameOf(n.Neuron), Source.Names.TypeOf(n.Neuron), $"{n.Spikes}",
            (n.Spikes / TotalSeconds).ToString("0.00", CultureInfo.InvariantCulture),
        });
        Output.WriteTable([["neuron", "name", "type", "spikes", "rate Hz"], .. rows]);
    }

    /// <summary>spikes.parquet: trial, neuron, step, time_ms; ascending by trial, step and neuron.</summary>
    public void WriteSpikes(string path, CancellationToken cancellation)
    {
        var rows = Trials.Sum(t => (long)t.Spikes.Count);
        if (rows > int.MaxValue) throw new InvalidDataException($"{rows} spikes do not fit one table; run fewer trials or seconds. '{path}' was not written.");
        var starts = new int[Trials.Count + 1];
        for (var t = 0; t < Trials.Count; t++) starts[t + 1] = starts[t] + Trials[t].Spikes.Count;
        ParquetRows.Write(path, (int)rows,
        [
            DuckSource.Of<int>("trial", (first, target) => Fill(first, target, (trial, _) => trial.Trial)),
            DuckSource.Of<ulong>("neuron", (first, target) => Fill(first, target, (_, spike) => Source.Connectome.IdOf(spike.Neuron))),
            DuckSource.Of<int>("step", (first, target) => Fill(first, target, (_, spike) => spike.Step)),
            DuckSource.Of<double>("time_ms", (first, target) => Fill(first, target, (_, spike) => spike.Step * Parameters.StepMs)),
        ], cancellation: cancellation);

        void Fill<T>(int first, Span<T> target, Func<SpikeTrial, Spike, T> value)
        {
            var t = 0;
            for (var i = 0; i < target.Length; i++)
            {
                while (first + i >= starts[t + 1]) t++;
                target[i] = value(Trials[t], Trials[t].Spikes[first + i - starts[t]]);
            }
        }
    }

    /// <summary>rates.parquet: neuron, spikes, rate_hz, trials (in which it spiked); every neuron, ascending by id.</summary>
    public void WriteRates(string path, CancellationToken cancellation) => ParquetRows.Write(path, Columns.Neurons,
    [
        DuckSource.Of<ulong>("neuron", (first, target) => Fill(first, target, Source.Connectome.IdOf)),
        DuckSource.Of<long>("spikes", (first, target) => Fill(first, target, Spikes)),
        DuckSource.Of<double>("rate_hz", (first, target) => Fill(first, target, n => Spikes(n) / TotalSeconds)),
        DuckSource.Of<int>("trials", (first, target) => Fill(first, target, n => Trials.Count(t => t.Summary.Counts[n] > 0))),
    ], cancellation: cancellation);

    private string IdOf(int neuron) => Source.Connectome.IdOf(neuron).ToString(CultureInfo.InvariantCulture);

    private long Spikes(int neuron) => Trials.Sum(t => (long)t.Summary.Counts[neuron]);

    private static void Fill<T>(int first, Span<T> target, Func<int, T> value)
    {
        for (var i = 0; i < target.Length; i++) target[i] = value(first + i);
    }
}
