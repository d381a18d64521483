using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Sparse;
using Connecto.Volumes;

namespace Connecto.Benchmarks;

/// <summary>Times prediction on a tile of a volume, in turn with the peers on the same network and the same tile.</summary>
/// <remarks>The predictor does all that it does in a run: it cuts tiles, makes them floats, runs the network on every
/// thread its own section and stores bytes. Peers run the bare network, one tile after the other, with all threads on
/// each: what their users do.</remarks>
public sealed class TileBenchmark
{
    private const int CalibrationTiles = 4;
    private const double Tolerance = 1e-3;

    private readonly EmModel model;
    private readonly PredictionPrecision precision;
    private readonly PredictionGrid grid;
    private readonly MemoryVolume<byte> slab;
    private readonly (int Row, int Column, Box Owned)[] tiles;
    private readonly (int Row, int Column, Box Owned) tile;
    private readonly int threads;

    private TileBenchmark(EmModel model, ChunkedVolume<byte> image, int threads)
    {
        // The peers run one network; a companion for synapses is timed with the stage.
        (this.model, this.threads, precision) = (model.Alone, threads, PredictionPrecision.Auto.For(model));
        // Whole sections of the middle, in memory: reading files is the stage's time, not the network's.
        var whole = new PredictionGrid(model, image.Shape, image.VoxelSize, precision);
        var (middle, reach) = (image.Shape.Z / 2, threads + whole.Sections * whole.SectionStep / 2);
        var (first, past) = (Math.Max(0, middle - reach), Math.Min(image.Shape.Z, middle + reach + 1));
        slab = new MemoryVolume<byte>(image.Read(new(new(first, 0, 0), new(past, image.Shape.Y, image.Shape.X))), image.VoxelSize);
        grid = new PredictionGrid(model, slab.Shape, slab.VoxelSize, precision);
        var count = Math.Min(2 * threads, slab.Shape.Z);
        var begin = (slab.Shape.Z - count) / 2;
        tiles = [.. grid.Tiles(new Box(new(begin, 0, 0), new(begin + count, slab.Shape.Y, slab.Shape.X)))];
        tile = tiles[tiles.Length / 2];
    }

    /// <summary>Measures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="image">Normalised as the model asks.</param>
    /// <param name="threads">Threads of every engine, 1 or more.</param>
    /// <param name="rounds">Turns of every engine, 1 or more.</param>
    /// <param name="cancellation">Stops between two turns.</param>
    /// <exception cref="InvalidOperationException">A peer's result in floats is not the network's; nothing is
    /// reported.</exception>
    public static TileReport Measure(
        EmModel model, ChunkedVolume<byte> image, int threads, int rounds, CancellationToken cancellation = default) =>
        new TileBenchmark(model, image, threads).Run(rounds, cancellation);

    private TileReport Run(int rounds, CancellationToken cancellation)
    {
        var (work, sections) = (NetworkWork.Of(model.Network), tile.Owned.Shape.Z);
        var pixels = (double)grid.TileY * grid.TileX;
        using var predictor = new AffinityPredictor(model, threads, precision);
        List<Contestant> contestants =
        [
            new("Connecto", precision.ToString().ToLowerInvariant(), sections, work.KeptKmac, 0, () => predictor.Predict(slab, tile.Owned, cancellation)),
        ];
        List<string> missing = [];
        using var peer = AddPeer(contestants, missing, work.DenseKmac);
        var times = InterleavedTiming.Measure([.. contestants.Select(c => c.Run)], rounds, threads, cancellation);
        var seconds = contestants.Zip(times, (c, t) => t.Median / c.Tiles).ToArray();
        var rows = contestants.Select((c, i) => new TileRow(
            c.Engine, c.Precision, threads, 1e3 * seconds[i], pixels / seconds[i] / 1e6, c.Kmac * pixels / seconds[i] / 1e6,
            seconds[i] / seconds[0], c.Difference)).ToList();
        var perVoxel = tiles.Length * pixels / ((double)slab.Shape.Y * slab.Shape.X);
        return new TileReport(grid.TileY, grid.TileX, perVoxel, work, Peak(), rows, missing);
    }

    private OrtNetworks? AddPeer(List<Contestant> contestants, List<string> missing, double kmac)
    {
        if (OrtLibrary.Installed is not { } library)
        {
            missing.Add(OrtLibrary.Advice);
            return null;
        }
        var samples = tiles.Take(CalibrationTiles).Append(tile).Select(Input).ToArray();
        var (input, size) = (samples[^1], new Extent(grid.TileY, grid.TileX));
        var peer = new OrtNetworks(library, model.Network, size, threads, samples);
        var truth = new float[peer.Output.Length];
        using (var session = new NetworkSession(model.Network, threads)) session.Run(input, grid.TileY, grid.TileX, truth);
        peer.RunFloats(input);
        var (mean, most) = Differences(truth, peer.Output);
        if (most > Tolerance)
            throw new InvalidOperationException($"{library.Name} differs from the network by {most} on one tile; nothing is reported.");
        contestants.Add(new(library.Name, "fp32", 1, kmac, mean, () => peer.RunFloats(input)));
        if (peer.Missing is { } why) missing.Add(why);
        if (peer.RunBytes is not { } bytes) return peer;
        bytes(input);
        contestants.Add(new(library.Name, "int8", 1, kmac, Differences(truth, peer.Output).Mean, () => bytes(input)));
        return peer;
    }

    private float[] Input((int Row, int Column, Box Owned) of)
    {
        var input = new float[grid.Sections * grid.TileY * grid.TileX];
        new TileImage(grid, slab, StackAlignment.None(slab.Shape.Z), of.Row, of.Column, of.Owned).Input(model.Info, of.Owned.Begin.Z, input);
        return input;
    }

    private static (double Mean, double Most) Differences(float[] truth, ReadOnlySpan<float> found)
    {
        double sum = 0, most = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            var difference = Math.Abs(truth[i] - found[i]);
            (sum, most) = (sum + difference, Math.Max(most, difference));
        }
        return (sum / truth.Length, most);
    }

    // GMAC/s of all threads in our own precision.
    private double Peak()
    {
        var machine = MachineProfile.Current;
        var one = precision == PredictionPrecision.Int8 ? machine.ByteDotsPerNs * 64 : machine.MultiplyAddsPerNs * machine.Lanes;
        return one * Math.Min(threads, machine.Cores);
    }

    private sealed record Contestant(string Engine, string Precision, int Tiles, double Kmac, double Difference, Action Run);
}
