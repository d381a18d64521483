namespace Connecto.Sparse;

/// <summary>One part of a kernel's expected time.</summary>
/// <param name="Name">What takes it: multiply-adds, loads, code, weights, packing, results, calls.</param>
/// <param name="Microseconds">How long it would take alone, on all threads.</param>
public sealed record CostTerm(string Name, double Microseconds);

/// <summary>What one kernel is expected to need for a layer, or why it cannot do it.</summary>
/// <param name="Kernel">The variant.</param>
/// <param name="Obstacle">Why it cannot be used, as half a sentence; null where it can, and then all else holds.</param>
public sealed record KernelEstimate(KernelVariant Kernel, string? Obstacle)
{
    /// <summary>Expected time of a run, microseconds.</summary>
    public double Microseconds { get; init; } = double.PositiveInfinity;

    /// <summary>The parts, longest first. They overlap in time, so they sum to more than the whole.</summary>
    public IReadOnlyList<CostTerm> Terms { get; init; } = [];

    /// <summary>The name of the longest part; empty where the kernel cannot be used.</summary>
    public string Bound => Terms.Count == 0 ? "" : Terms[0].Name;

    /// <summary>How the kernel would cut the work, for people.</summary>
    public string Blocking { get; init; } = "";

    /// <summary>Bytes of code that would be generated; 0 for a compiled kernel.</summary>
    public double CodeBytes { get; init; }

    /// <summary>How long generating it would take once, milliseconds.</summary>
    public double GenerationMilliseconds { get; init; }
}

/// <summary>The kernel chosen for a layer, and why.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Threads">Threads it is planned for.</param>
/// <param name="Chosen">The kernel with the least expected time of those that can be used.</param>
/// <param name="Rejected">All others: by time, then those that cannot be used.</param>
public sealed record LayerPlan(LayerShape Layer, int Threads, KernelEstimate Chosen, IReadOnlyList<KernelEstimate> Rejected)
{
    /// <summary>The weights' format.</summary>
    public string Format => Chosen.Kernel.Format;

    /// <summary>The kernel's name.</summary>
    public string Kernel => Chosen.Kernel.Name;

    /// <summary>Expected time of a run, microseconds.</summary>
    public double Microseconds => Chosen.Microseconds;

    /// <summary>One sentence: what bounds the choice, and by how much the next one is slower.</summary>
    public string Reason
    {
        get
        {
            var next = Rejected.FirstOrDefault(r => r.Obstacle is null);
            var text = FormattableString.Invariant($"{Kernel}: bound by {Chosen.Bound}");
            if (next is not null)
                return text + FormattableString.Invariant($"; {next.Kernel.Name} would take {next.Microseconds / Microseconds:0.0#}x as long, by {next.Bound}");
            var obstacle = Rejected.Count == 0 ? null : Rejected[0];
            return obstacle is null ? text : $"{text}; {obstacle.Kernel.Name} cannot be used: {obstacle.Obstacle}";
        }
    }
}
