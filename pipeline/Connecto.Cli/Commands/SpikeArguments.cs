using System.CommandLine;
using System.Diagnostics;
using Connecto.BrainNetworks;
using Connecto.Graph;
using Connecto.Pipeline;

namespace Connecto.Cli.Commands;

/// <summary>The options of `connecto simulate --model lif`, and the run they ask for.</summary>
internal sealed class SpikeArguments
{
    private readonly Option<string?> _stimulate = new("--stimulate")
    {
        Description = "lif: neurons that are driven: ids, names, types, or patterns as in PN*, commas between. Default: the fiftieth of all that give most and take least.",
    };

    private readonly Option<double?> _rate = new("--rate-hz") { Description = "lif: rate of the random jumps of each. Default: 150, or none with --current-mv." };

    private readonly Option<double> _jump = new("--jump-mv") { Description = "lif: what a jump adds to the potential, mV; the default makes a spike.", DefaultValueFactory = _ => PoissonInput.DefaultJumpMv };

    private readonly Option<double?> _current = new("--current-mv") { Description = "lif: constant current into each, times its resistance, mV; above 7 it spikes by itself." };

    private readonly Option<string?> _silence = new("--silence") { Description = "lif: neurons whose spikes reach nobody, named likewise." };

    private readonly Option<bool> _quiet = new("--silence-firing") { Description = "lif: silenced neurons do not spike at all." };

    private readonly Option<double> _seconds = new("--seconds") { Description = "lif: biological time, s.", DefaultValueFactory = _ => 1 };

    private readonly Option<int> _trials = new("--trials") { Description = "lif: runs with other random jumps.", DefaultValueFactory = _ => 1 };

    private readonly Option<ulong> _seed = new("--seed") { Description = "lif: seed of the random jumps, and of drawn signs.", DefaultValueFactory = _ => 1 };

    private readonly Option<double?> _excitatory = new("--excitatory")
    {
        Description = "lif: share of excitatory neurons, drawn by id. Default: the connectome's own signs; where it has none, 0.8.",
    };

    private readonly Option<string[]> _transmitters = new("--transmitters")
    {
        Description = "lif: signs by transmitter, from CSV tables id,transmitter or transmitter,sign; GABA and glutamate inhibit unless they say otherwise.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _column = new("--transmitter-column") { Description = "lif: signs by transmitter, from this column of labels. Default with --transmitters: transmitter." };

    private readonly Option<bool> _mpi = new("--mpi") { Description = "lif: share the neurons out among the processes that OpenMPI's mpirun started; the first prints and writes." };

    private readonly Option<string?> _record = new("--record") { Description = "lif: write all spikes to this Parquet file." };

    private readonly Option<string?> _rates = new("--rates") { Description = "lif: write the rates of all neurons to this Parquet file." };

    public IEnumerable<Option> All =>
        [_stimulate, _rate, _jump, _current, _silence, _quiet, _seconds, _trials, _seed, _excitatory, _transmitters, _column, _mpi, _record, _rates];

    /// <summary>The first of these options that was given; the rate model has none of them.</summary>
    public Option? Given(ParseResult parse) => All.FirstOrDefault(o => parse.GetResult(o) is { Implicit: false });

    /// <summary>Opens the connectome, runs the trials and writes the tables asked for; null in every process of several but the first.</summary>
    /// <exception cref="InvalidDataException">An option makes no sense, or a name is no neuron's.</exception>
    public SpikeOutput? Run(ParseResult parse, string directory, int threads, CancellationToken cancellation)
    {
        var (record, rates) = (Writable(parse, _record), Writable(parse, _rates));
        var trials = parse.GetValue(_trials);
        if (trials < 1) throw new InvalidDataException($"--trials must be 1 or more, but is {trials}; nothing was run.");
        if (parse.GetValue(_excitatory) is { } share && !(share is >= 0 and <= 1))
            throw new InvalidDataException($"--excitatory must be from 0 to 1, but is {share}; nothing was run.");
        var shared = parse.GetValue(_mpi);
        if (shared && !UnderMpirun)
            throw new InvalidDataException(
                "--mpi needs OpenMPI's mpirun (Debian: openmpi-bin), as in `mpirun -np 2 connecto simulate DIR --model lif --mpi`; nothing was run.");
        var rule = Transmitters(parse);
        var source = ConnectomeSource.Open(directory);
        var connectome = source.Connectome;
        var recipe = rule is null
            ? Spiking.RecipeOf(connectome, parse.GetValue(_excitatory), (int)parse.GetValue(_seed))
            : Spiking.RecipeOf(rule);
        var inputs = Inputs(parse, source);
        var columns = SynapseArrays.From(connectome, recipe);
        var (parameters, seconds) = (new LifParameters(), parse.GetValue(_seconds));
        var clock = Stopwatch.StartNew();
        var options = new SpikeOptions { Seconds = seconds, Threads = threads };
        var done = shared
            ? SharedTrials.Run(columns, parameters, inputs, options, trials, cancellation)
            : SpikeTrials.Run(columns, parameters, inputs, options, trials, cancellation);
        if (done is null) return null;
        var output = new SpikeOutput(source, recipe, columns, parameters, inputs, seconds, done, clock.Elapsed.TotalSeconds);
        if (record is not null) output.WriteSpikes(record, cancellation);
        if (rates is not null) output.WriteRates(rates, cancellation);
        return output;
    }

    // What OpenMPI's mpirun, or another starter that speaks PMIx, tells its processes.
    private static bool UnderMpirun =>
        Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") is not null || Environment.GetEnvironmentVariable("PMIX_RANK") is not null;

    private TransmitterRule? Transmitters(ParseResult parse)
    {
        var (tables, column) = (parse.GetValue(_transmitters) ?? [], parse.GetValue(_column));
        if (tables.Length == 0 && column is null) return null;
        if (parse.GetValue(_excitatory) is not null)
            throw new InvalidDataException("--excitatory draws signs, --transmitters and --transmitter-column know them: give one or the other; nothing was run.");
        if (tables.FirstOrDefault(path => !File.Exists(path)) is { } missing)
            throw new FileNotFoundException($"--transmitters '{missing}' does not exist; nothing was run.", missing);
        var rule = new TransmitterRule();
        return TransmitterTable.Read(column is null ? rule : rule with { Column = column }, tables);
    }

    private SpikeInputs Inputs(ParseResult parse, ConnectomeSource source)
    {
        var connectome = source.Connectome;
        var driven = parse.GetValue(_stimulate) is { } named
            ? source.Names.Find(named)
            : [.. NetworkInputs.Choose(connectome, Math.Max(1, connectome.NeuronCount / 50)).Select(connectome.IndexOf).Order()];
        var current = parse.GetValue(_current);
        var rate = parse.GetValue(_rate) ?? (current is null ? PoissonInput.DefaultRateHz : null);
        return new SpikeInputs
        {
            Poisson = rate is null ? [] : [.. driven.Select(n => new PoissonInput(n, rate.Value, parse.GetValue(_jump), connectome.IdOf(n)))],
            Currents = current is null ? [] : [.. driven.Select(n => new CurrentInput(n, current.Value))],
            Silenced = parse.GetValue(_silence) is { } silenced ? source.Names.Find(silenced) : [],
            Silencing = parse.GetValue(_quiet) ? Silencing.Firing : Silencing.Outputs,
            Seed = parse.GetValue(_seed),
        };
    }

    // Asked before the run, not after.
    private static string? Writable(ParseResult parse, Option<string?> option)
    {
        if (parse.GetValue(option) is not { } file) return null;
        var path = Path.GetFullPath(file);
        return !Directory.Exists(path) && Directory.Exists(Path.GetDirectoryName(path)) ? path
            : throw new InvalidDataException($"{option.Name} '{path}' is a folder or lies in one that does not exist; nothing was run.");
    }
}
