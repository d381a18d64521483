namespace Connecto.Benchmarks;

/// <summary>A model's network on the tiles that prediction cuts a volume into, beside its bound and its peers.</summary>
/// <param name="TileRows">Rows of a tile, network pixels, its overlap included.</param>
/// <param name="TileColumns">Columns of a tile.</param>
/// <param name="PixelsPerVoxel">Network pixels computed a voxel of the image: above 1 for overlap and for resampling to a
/// finer pixel.</param>
/// <param name="Network">What the network multiplies.</param>
/// <param name="PeakGmacs">Thousand million multiply-adds a second that all threads can do in the precision that the
/// predictor runs in; measured in the same run.</param>
/// <param name="Rows">The predictor first, then its peers, timed in turn.</param>
/// <param name="Missing">Why a peer is left out, a sentence each.</param>
public sealed record TileReport(
    int TileRows, int TileColumns, double PixelsPerVoxel, NetworkWork Network, double PeakGmacs,
    IReadOnlyList<TileRow> Rows, IReadOnlyList<string> Missing);

/// <summary>One engine on one tile.</summary>
/// <param name="Engine">Which.</param>
/// <param name="Precision">fp32 or int8.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Milliseconds">Median time of one tile when several follow each other.</param>
/// <param name="MegapixelsPerSecond">Network pixels a second, in millions.</param>
/// <param name="Gmacs">Thousand million multiply-adds a second: of the weights kept for the predictor, of all for a peer,
/// which skips none.</param>
/// <param name="Speedup">The engine's time over the predictor's; 1 for the predictor.</param>
/// <param name="Difference">Mean absolute difference of the probabilities from the network in floats.</param>
public sealed record TileRow(
    string Engine, string Precision, int Threads, double Milliseconds, double MegapixelsPerSecond, double Gmacs,
    double Speedup, double Difference);
