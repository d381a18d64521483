using Connecto.Sparse.Planning;

namespace Connecto.Sparse;

/// <summary>One way to run a layer: a format, a precision, an instruction set, and where it applies.</summary>
/// <remarks>The table of all of them is <see cref="All"/>; the planner, the command that prints it and the tests read
/// it.</remarks>
public sealed class KernelVariant
{
    private readonly Func<LayerShape, MachineProfile, int, KernelCost> cost;

    /// <param name="name">A name of its own.</param>
    /// <param name="cost">What it needs for a layer that it can do, on a machine, with some threads.</param>
    internal KernelVariant(string name, Func<LayerShape, MachineProfile, int, KernelCost> cost) =>
        (Name, this.cost) = (name, cost);

    /// <summary>Every variant there is, those that this machine lacks included.</summary>
    public static IReadOnlyList<KernelVariant> All => KernelVariants.Table;

    /// <summary>A name that no other variant has.</summary>
    public string Name { get; }

    /// <summary>How the weights are kept.</summary>
    public required string Format { get; init; }

    /// <summary>What the weights are.</summary>
    public required WeightPrecision Precision { get; init; }

    /// <summary>The instructions it is made of.</summary>
    public required string Instructions { get; init; }

    /// <summary>What it can do, as half a sentence.</summary>
    public required string Applies { get; init; }

    /// <summary>Why this machine cannot run it, as half a sentence; null where it can.</summary>
    public string? Obstacle => MachineObstacle();

    internal Func<string?> MachineObstacle { get; init; } = static () => null;

    /// <summary>Why a layer is none for it, though the machine could; null where it is.</summary>
    internal Func<LayerShape, string?> LayerObstacle { get; init; } = static _ => null;

    internal KernelEstimate Estimate(LayerShape layer, MachineProfile machine, int threads) =>
        ((layer.Precision == Precision ? null : $"its weights are {Precision}") ?? LayerObstacle(layer) ?? Obstacle) is { } obstacle
            ? new KernelEstimate(this, obstacle)
            : cost(layer, machine, threads).Estimate(this, threads);
}
