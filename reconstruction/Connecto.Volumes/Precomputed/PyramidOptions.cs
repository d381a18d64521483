namespace Connecto.Volumes.Precomputed;

/// <summary>How a pyramid is built.</summary>
public sealed record PyramidOptions
{
    /// <summary>Threads; 0 stands for all processors. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>How chunks are packed.</summary>
    public PrecomputedPacking Packing { get; init; } = PrecomputedPacking.Gzip;

    /// <summary>Most scales to add. Building ends anyway with the scale that fits one chunk.</summary>
    public int MaxLevels { get; init; } = 16;
}

/// <summary>How far a pyramid is.</summary>
/// <param name="Level">The scale being built, from 1.</param>
/// <param name="Levels">Scales to build in all.</param>
/// <param name="Chunks">Chunks of this scale that are done.</param>
/// <param name="OfChunks">Chunks of this scale.</param>
public readonly record struct PyramidProgress(int Level, int Levels, long Chunks, long OfChunks);
