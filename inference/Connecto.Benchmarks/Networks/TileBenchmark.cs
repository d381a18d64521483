using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Sparse;
using Connecto.Volumes;

namespace Connecto.Benchmarks;

/// <summary>Times prediction on tiles of a volume, in turn with the peers on the same network and the same tiles.</summary>
/// <remarks>The predictor does all that it does in a run: it cuts tiles, makes them floats, runs the network on every
/// thread its own section and stores bytes. Peers run the bare network, one tile after the other, with all threads on
/// each: what their users do.</remarks>
public static class TileBenchmark
{
    /// <summary>Measures.</summary>
    /// <param name="model">The model.</param>
    /// <param name="image">Normalised as the model asks.</param>
    /// <param name="threads">Threads of every engine, 1 or more.</param>
    /// <param name="rounds">Turns of every engine, 1 or more.</param>
    /// <param name="cancellation">Stops between two turns.</param>
    public static TileReport Measure(
        EmModel model, ChunkedVolume<byte> image, int threads, int rounds, CancellationToken cancellation = default)
    {
        var grid = new PredictionGrid(model, image.Shape, image.VoxelSize);
        var work = NetworkWork.Of(model.Network);
        // Whole sections around the middle, in memory: reading files is the stage's time, not the network's.
        var count = Math.Min(2 * threads, image.Shape.Z);
        var margin = grid.Sections * grid.SectionStep / 2;
        var first = Math.Max(0, image.Shape.Z / 2 - count / 2 - margin);
        var past = Math.Min(image.Shape.Z, first + count + 2 * margin);
        var slab = new MemoryVolume<byte>(
            image.Read(new(new(first, 0, 0), new(past, image.Shape.Y, image.Shape.X))), image.VoxelSize);
        var inside = Math.Min(margin, slab.Shape.Z - count);
        var section = new Box(new(inside, 0, 0), new(inside + count, image.Shape.Y, image.Shape.X));
        var tiles = grid.Tiles(section).ToList();
        var box = tiles[tiles.Count / 2].Owned;

        using var predictor = new AffinityPredictor(model, threads);
        List<Action> contestants = [() => predictor.Predict(slab, box, cancellation)];
        var seconds = InterleavedTiming.Measure(contestants, rounds, threads, cancellation);

        var pixels = (double)grid.TileY * grid.TileX;
        var own = seconds[0].Median / count;
        List<TileRow> rows =
        [
            new("Connecto", "fp32", threads, own * 1e3, pixels / own / 1e6, work.KeptKmac * pixels / own / 1e6, 1, 0),
        ];
        var perVoxel = tiles.Count * pixels / ((double)image.Shape.Y * image.Shape.X);
        return new TileReport(grid.TileY, grid.TileX, perVoxel, work, Peak(threads), rows, []);
    }

    /// <summary>GMAC/s of all threads in floats.</summary>
    private static double Peak(int threads)
    {
        var machine = MachineProfile.Current;
        return machine.MultiplyAddsPerNs * machine.Lanes * Math.Min(threads, machine.Cores);
    }
}
