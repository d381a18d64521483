namespace Connecto.Training;

/// <summary>Which weights fall together.</summary>
public enum PruningPattern
{
    /// <summary>Every weight for itself.</summary>
    Unstructured,

    /// <summary>Four neighbouring input channels, 4c .. 4c + 3, of one tap of one output channel: what the kernels for
    /// bytes skip as one. A layer whose inputs are no multiple of 4 has one shorter block at its end.</summary>
    Blocks,
}

/// <summary>How a network becomes sparse while it is trained.</summary>
/// <remarks>
/// Gradual magnitude pruning: M. Zhu and S. Gupta, 2017, arXiv:1710.01878. The share of zeros rises from 0 as
/// Zeros (1 - (1 - t)^3), quickly while many weights are idle and slowly at the end; from <see cref="LastStep"/> on the mask
/// stays. Given up: a weight that fell does not return, which keeps weights, averages and moments exactly 0.
/// </remarks>
public sealed record PruningOptions
{
    /// <summary>Share of the prunable layers' weights that are 0 in the end, in [0, 1).</summary>
    public double Zeros { get; init; } = 0.88;

    /// <summary>Which weights fall together.</summary>
    public PruningPattern Pattern { get; init; } = PruningPattern.Blocks;

    /// <summary>Steps before the first weights fall.</summary>
    public long FirstStep { get; init; }

    /// <summary>Steps before the last weights fall; not below <see cref="FirstStep"/>.</summary>
    public long LastStep { get; init; } = 1000;

    /// <summary>Steps between two falls, positive.</summary>
    public int Every { get; init; } = 25;

    /// <summary>Largest share of zeros in one layer, in (0, 1]: no layer is cut through.</summary>
    public double LayerCeiling { get; init; } = 0.97;

    /// <summary>True where weights fall after that many steps.</summary>
    public bool IsDue(long steps) =>
        steps == LastStep || (steps >= FirstStep && steps < LastStep && (steps - FirstStep) % Every == 0);

    /// <summary>Steps since weights last fell, of that many steps; all of them before the first fall.</summary>
    public long Since(long steps)
    {
        if (steps < FirstStep) return steps;
        return steps >= LastStep ? steps - LastStep : (steps - FirstStep) % Every;
    }

    /// <summary>The share of zeros after that many steps.</summary>
    public double At(long steps)
    {
        if (steps >= LastStep) return Zeros;
        if (steps <= FirstStep) return 0;
        var left = 1 - (steps - FirstStep) / (double)(LastStep - FirstStep);
        return Zeros * (1 - left * left * left);
    }

    /// <summary>What is out of range, as half a sentence; null where nothing is.</summary>
    public string? FindFault() =>
        Zeros is not (>= 0 and < 1) ? $"zeros must be in [0, 1), but are {Zeros}"
        : LayerCeiling is not (> 0 and <= 1) ? $"layerCeiling must be in (0, 1], but is {LayerCeiling}"
        : Zeros > LayerCeiling ? $"zeros, {Zeros}, lie above layerCeiling, {LayerCeiling}"
        : Every < 1 ? $"every must be positive, but is {Every}"
        : FirstStep < 0 || LastStep < FirstStep ? $"firstStep {FirstStep} and lastStep {LastStep} are no span"
        : null;
}
