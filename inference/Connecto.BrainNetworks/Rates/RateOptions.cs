namespace Connecto.BrainNetworks;

/// <summary>How a neuron's input becomes its rate.</summary>
public enum Activation
{
    /// <summary>max(0, x): unbounded.</summary>
    Relu,

    /// <summary>tanh(max(0, x)): saturates at 1.</summary>
    SaturatingTanh,
}

/// <summary>A run of the rate model.</summary>
public sealed record RateOptions
{
    /// <summary>Steps to run, at least 1.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>Length of a step, ms.</summary>
    public double StepMs { get; init; } = 1;

    /// <summary>Time constant of a neuron, ms; not less than the step.</summary>
    public double TauMs { get; init; } = 10;

    /// <summary>How input becomes rate.</summary>
    public Activation Activation { get; init; } = Activation.SaturatingTanh;

    /// <summary>Ids of the neurons that are driven; one named twice counts once.</summary>
    public IReadOnlyList<ulong> Inputs { get; init; } = [];

    /// <summary>What is added to the input of each of them.</summary>
    public double InputStrength { get; init; } = 1;

    /// <summary>Steps that the drive lasts; null = all.</summary>
    public int? InputSteps { get; init; }

    /// <summary>Rates are held at this; reaching it is reported as divergence.</summary>
    public float RateLimit { get; init; } = 1e6f;

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    internal void Check()
    {
        if (Steps < 1)
            throw new InvalidDataException($"A run needs at least 1 step; {Steps} were asked for, and nothing was run.");
        if (!(StepMs > 0) || !(TauMs >= StepMs) || !double.IsFinite(TauMs))
            throw new InvalidDataException(
                $"A step of {StepMs} ms does not fit a time constant of {TauMs} ms; 0 < step <= constant was expected, and nothing was run.");
        if (!double.IsFinite(InputStrength))
            throw new InvalidDataException($"The input strength {InputStrength} is no finite number; nothing was run.");
        if (!(RateLimit > 0) || !(RateLimit <= 1e12f))
            throw new InvalidDataException($"The rate limit {RateLimit} is not between 0 and 1e12; nothing was run.");
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1, nameof(Threads));
    }
}
