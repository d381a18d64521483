namespace Connecto.Sparse;

/// <summary>How a <see cref="ColumnProduct"/> is planned.</summary>
public sealed record ColumnOptions
{
    /// <summary>Threads, the caller's included; at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>One value a row of the matrix, where its sum begins; null for none.</summary>
    public float[]? Bias { get; init; }

    /// <summary>Done to every output.</summary>
    public ProductActivation Activation { get; init; }
}
