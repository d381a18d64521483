using System.Collections.Concurrent;
using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Model;
using Connecto.Sparse;
using Connecto.Volumes;

namespace Connecto.Segmentation.Prediction;

/// <summary>Runs a trained network over a volume: images in, affinities and synapse maps out.</summary>
/// <remarks>
/// Idea: the volume's own grid of overlapping tiles is predicted tile by tile and section by section, each on one
/// thread; a voxel's result comes from the tile that owns it, so it does not depend on the box asked for, on the order or on
/// the threads. Volume borders go on as in a mirror. When the image's pixels differ from the model's by more than a
/// fifth, tiles are resampled to the model's and the result back, and so are the sections of isotropic tissue; when sections
/// are thinner than half a model's thick ones, the network reads sections at the model's spacing. Given up: resampling between
/// thick sections, and blending between tiles: with an overlap of 32 pixels 0.03 % of the voxels differ by more than 3 of 255
/// levels from an overlap of 96 (with 16: 2.3 %).
/// A quantised model predicts in bytes (<see cref="ByteNetwork"/>); its tiles agree to the bit where they meet. A model's
/// companion for synapses (<see cref="EmModel.Synapses"/>) gives their maps, the model itself the affinities.
/// </remarks>
public sealed class AffinityPredictor : IDisposable
{
    private readonly EmModel _model;
    private readonly ByteNetworkPlans? _plans;
    private readonly int _threads;
    private readonly StackAlignment? _alignment;
    private readonly ConcurrentBag<TileWorker> _workers = [];
    private readonly InputStatistics _seen = new();
    private readonly AffinityPredictor? _synapses;
    private readonly (EmOutput First, EmOutput Past) _outputs;

    /// <summary>Makes a predictor.</summary>
    /// <param name="model">The model; shared, not changed.</param>
    /// <param name="threads">Tiles predicted at a time, positive; each needs about 300 MB at most.</param>
    /// <param name="precision">In what numbers.</param>
    /// <param name="alignment">How the volume's sections lie over each other; null for as they are. The affinity z of a voxel is
    /// then that to the voxel of the section below which it lies over.</param>
    /// <exception cref="ArgumentOutOfRangeException">Threads are not positive.</exception>
    /// <exception cref="InvalidDataException">Bytes are asked for and the model was not quantised.</exception>
    public AffinityPredictor(EmModel model, int threads, PredictionPrecision precision = PredictionPrecision.Auto,
        StackAlignment? alignment = null)
        : this(model, threads, precision, alignment, (EmOutput.AffinityZ, model.Synapses is null ? Past : EmOutput.Cleft))
    {
        if (model.Synapses is { } synapses) _synapses = new(synapses, threads, precision, alignment, (EmOutput.Cleft, Past));
    }

    private AffinityPredictor(EmModel model, int threads, PredictionPrecision precision, StackAlignment? alignment,
        (EmOutput First, EmOutput Past) outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        (_model, _threads, _alignment, _outputs, Precision) = (model, threads, alignment, outputs, precision.For(model));
        if (Precision == PredictionPrecision.Int8) _plans = new(model);
    }

    private static EmOutput Past => EmOutput.Presynaptic + 1;

    /// <summary>The precision in use: Fp32 or Int8.</summary>
    public PredictionPrecision Precision { get; }

    /// <summary>How the images read so far compare with those that the model was trained on.</summary>
    public InputLikeness Likeness => _seen.Compare(_model.Info);

    /// <summary>The extent of blocks that are cheapest to ask for: boxes that cut the grid's tiles pay for them twice.</summary>
    /// <param name="shape">The volume's extent.</param>
    /// <param name="voxel">Its voxel size.</param>
    /// <returns>Rows and columns of a tile's core in voxels of the image; 1 for z, which is free.</returns>
    public Index3 CheapestBlock(Index3 shape, VoxelSize voxel)
    {
        var grid = new PredictionGrid(_model, shape, voxel, Precision);
        return new(1, (int)Math.Ceiling((double)grid.CoreY * shape.Y / grid.Y.Network),
            (int)Math.Ceiling((double)grid.CoreX * shape.X / grid.X.Network));
    }

    /// <summary>Bytes a voxel of a box that <see cref="Predict(ChunkedVolume{byte}, Box, CancellationToken)"/> holds besides its planes: results, and the network's own sections
    /// where they are others than the image's.</summary>
    public double BytesPerVoxel(Index3 shape, VoxelSize voxel)
    {
        var outputs = _model.Info.Outputs.Length;
        var own = outputs + 3 + (SectionResampling.For(_model.Info, shape, voxel) is { } sections
            ? (outputs + 1.0) * sections.Sections / shape.Z : 0);
        // The two networks work one after the other.
        return Math.Max(own, _synapses?.BytesPerVoxel(shape, voxel) ?? 0);
    }

    /// <summary>Predicts a box.</summary>
    /// <param name="image">One channel, normalised as the model's <see cref="EmModelInfo.Contrast"/> says.</param>
    /// <param name="box">The voxels wanted, inside the image.</param>
    /// <param name="cancel">Stops between tiles.</param>
    /// <returns>Five channels (<see cref="EmOutput"/>), probability * 255, of the box's shape.</returns>
    /// <exception cref="ArgumentException">The box leaves the image, or the image has several channels.</exception>
    /// <exception cref="InvalidDataException">A chunk of the image cannot be read.</exception>
    /// <remarks>Works on about (1 + 2 overlap / core)^2 times the box's voxels. Reads the image from several threads.</remarks>
    public Volume<byte> Predict(ChunkedVolume<byte> image, Box box, CancellationToken cancel = default)
    {
        if (image.Channels != 1)
            throw new ArgumentException($"A network reads one channel of images; found {image.Channels}.", nameof(image));
        if (!Box.Of(image.Shape).Contains(box))
            throw new ArgumentException($"Box {box} leaves the image {image.Shape}.", nameof(box));
        var result = new Volume<byte>(box.Shape, _model.Info.Outputs.Length);
        if (box.IsEmpty) return result;
        Predict(image, box, result, cancel);
        _synapses?.Predict(image, box, result, cancel);
        return result;
    }

    /// <summary>Writes this predictor's own outputs into a box's maps.</summary>
    private void Predict(ChunkedVolume<byte> image, Box box, Volume<byte> result, CancellationToken cancel)
    {
        if (SectionResampling.For(_model.Info, image.Shape, image.VoxelSize) is not { } sections)
        {
            PredictSections(image, _alignment ?? StackAlignment.None(image.Shape.Z), box, result, cancel);
            return;
        }
        var (first, past) = sections.Needed(box.Begin.Z, box.End.Z);
        var own = new Box(box.Begin with { Z = first }, box.End with { Z = past });
        var maps = new Volume<byte>(own.Shape, result.Channels);
        // Isotropic tissue comes from milled blocks, whose sections lie as they are.
        PredictSections(sections.View(image), StackAlignment.None(sections.Sections), own, maps, cancel);
        sections.Back(maps, first, box.Begin.Z, _outputs, result);
    }

    private void PredictSections(
        ChunkedVolume<byte> image, StackAlignment alignment, Box box, Volume<byte> result, CancellationToken cancel)
    {
        var grid = new PredictionGrid(_model, image.Shape, image.VoxelSize, Precision);
        if (alignment.Sections != image.Shape.Z)
            throw new ArgumentException($"An alignment of {alignment.Sections} sections does not fit {image.Shape}.");
        // One tile at a time is in memory for all its sections; its sections go to the threads.
        var jobs = grid.Tiles(box).Select(tile => new TileJob(tile.Owned,
            new(() => new(grid, image, alignment, tile.Row, tile.Column, tile.Owned)),
            tile.Row, tile.Column)).SelectMany(job => Enumerable.Range(box.Begin.Z, box.Shape.Z).Select(z => (Job: job, Z: z)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancel };
        Parallel.ForEach(Partitioner.Create(jobs, EnumerablePartitionerOptions.NoBuffering), parallel, item =>
        {
            if (!_workers.TryTake(out var worker))
                worker = _plans is null ? new FloatTileWorker(_model) : new ByteTileWorker(_model, _plans);
            worker.Run(grid, item.Job, item.Z, box, _outputs, result, _seen);
            _workers.Add(worker);
        });
    }

    /// <summary>Frees the networks' planes.</summary>
    public void Dispose()
    {
        while (_workers.TryTake(out var worker)) worker.Dispose();
        _plans?.Dispose();
        _synapses?.Dispose();
    }
}
