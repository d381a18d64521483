namespace Connecto.Graph;

/// <summary>What a budget assumes.</summary>
public sealed record BudgetOptions
{
    /// <summary>Mean firing rate of the neurons that fire, Hz. The default is what energy allows human cortex, 0.16 spikes a second
    /// (Lennie 2003, "The cost of cortical computation").</summary>
    public double MeanRateHz { get; init; } = 0.16;

    /// <summary>Share of neurons that fire at all, 0 to 1.</summary>
    public double ActiveFraction { get; init; } = 1;

    /// <summary>Operations that one spike costs at one synapse.</summary>
    public double OperationsPerSynapse { get; init; } = 1;

    /// <summary>Steps a second of a clocked simulation that multiplies by the whole matrix, Hz.</summary>
    public double StepRateHz { get; init; } = 1000;
}

/// <summary>What it takes to compute and to store a connectome, reckoned as N. Shavit's keynote (PPoPP 2024) reckons it for
/// cortex: operations = synapses * rate, and bytes for the connectivity and the weights in each format.</summary>
public sealed record ConnectomeBudget
{
    /// <summary>Neurons.</summary>
    public required long Neurons { get; init; }

    /// <summary>Connected pairs: weights of the network.</summary>
    public required long Edges { get; init; }

    /// <summary>Synapses, several a pair.</summary>
    public required long Synapses { get; init; }

    /// <summary>Edges / neurons^2; 0 without neurons.</summary>
    public required double Density { get; init; }

    /// <summary>What was assumed.</summary>
    public required BudgetOptions Assumed { get; init; }

    /// <summary>Operations a second when every synapse works once a spike.</summary>
    public required double OperationsPerSecond { get; init; }

    /// <summary>The same when the contacts of a pair are summed to one weight first.</summary>
    public required double OperationsPerSecondByEdge { get; init; }

    /// <summary>Multiply-adds a second of a sparse matrix that does not skip silent neurons.</summary>
    public required double SparseStepsPerSecond { get; init; }

    /// <summary>Multiply-adds a second of a dense matrix.</summary>
    public required double DenseStepsPerSecond { get; init; }

    /// <summary>Bytes of each format, the least first.</summary>
    public required IReadOnlyList<FormatBudget> Formats { get; init; }

    /// <summary>Bytes of the table that keeps every single contact with its id, sites, size and score.</summary>
    public required double SynapseTableBytes { get; init; }

    /// <summary>The budget of a connectome.</summary>
    public static ConnectomeBudget Of(Connectome c, BudgetOptions? options = null) =>
        Of(c.NeuronCount, c.EdgeCount, c.ContactCount, options);

    /// <summary>The budget of any graph, real or imagined.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A count, or an assumed rate, is negative or not finite.</exception>
    public static ConnectomeBudget Of(long neurons, long edges, long synapses, BudgetOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(neurons);
        ArgumentOutOfRangeException.ThrowIfNegative(edges);
        ArgumentOutOfRangeException.ThrowIfNegative(synapses);
        foreach (var rate in (double[])[options.MeanRateHz, options.OperationsPerSynapse, options.StepRateHz])
            if (!double.IsFinite(rate) || rate < 0)
                throw new ArgumentOutOfRangeException(nameof(options), $"Rates must be finite and not negative; found {rate}.");
        if (!(options.ActiveFraction is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(options), $"The active fraction lies between 0 and 1; found {options.ActiveFraction}.");
        var cells = (double)neurons * neurons;
        return new ConnectomeBudget
        {
            Neurons = neurons,
            Edges = edges,
            Synapses = synapses,
            Density = neurons == 0 ? 0 : edges / cells,
            Assumed = options,
            OperationsPerSecond = synapses * options.MeanRateHz * options.ActiveFraction * options.OperationsPerSynapse,
            OperationsPerSecondByEdge = edges * options.MeanRateHz * options.ActiveFraction * options.OperationsPerSynapse,
            SparseStepsPerSecond = edges * options.StepRateHz,
            DenseStepsPerSecond = cells * options.StepRateHz,
            Formats = FormatBudget.Table(neurons, edges),
            SynapseTableBytes = synapses * FormatBudget.BytesPerContact,
        };
    }
}
