using Connecto.Benchmarks;

namespace Connecto.Cli.Bench;

/// <summary>One stage of a timed run, or all of them.</summary>
/// <param name="Stage">The stage's name; "all" for the whole.</param>
/// <param name="Voxels">Voxels of the volume.</param>
/// <param name="Seconds">Time that the stage took.</param>
/// <param name="MvoxelsPerSecond">Voxels through it a second, in millions.</param>
/// <param name="PeakMemoryBytes">Most memory that the process held while the stage ran.</param>
internal sealed record PipelineRow(string Stage, long Voxels, double Seconds, double MvoxelsPerSecond, long PeakMemoryBytes);

/// <summary>A timed run.</summary>
/// <param name="Rows">The stages in order, then "all".</param>
/// <param name="Shares">The part of the time that each stage took, 0 to 1.</param>
/// <param name="Threads">Threads of every stage.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Source">What was read.</param>
/// <param name="Kmac">Thousand multiply-adds a voxel of the image, overlap of tiles included, and the companion for synapses where there is one.</param>
/// <param name="Bound">How near prediction comes to what the machine can multiply.</param>
/// <param name="Tile">The network alone on one tile, beside its peers.</param>
internal sealed record PipelineReport(
    IReadOnlyList<PipelineRow> Rows, IReadOnlyDictionary<string, double> Shares, int Threads, string Model, string Source,
    KmacPerVoxel Kmac, PredictBound Bound, TileReport Tile);

/// <summary>Multiply-adds a voxel, in thousands.</summary>
/// <param name="Dense">With all weights.</param>
/// <param name="Sparse">With those that are not zero.</param>
internal sealed record KmacPerVoxel(double Dense, double Sparse);

/// <summary>Prediction against the machine's multiply-adds.</summary>
/// <param name="Precision">What they multiply.</param>
/// <param name="Seconds">The least time for the weights kept.</param>
/// <param name="Stage">That over the stage's time: 1 is the roof.</param>
/// <param name="Network">That of one tile over the tile's time.</param>
internal sealed record PredictBound(string Precision, double Seconds, double Stage, double Network);
