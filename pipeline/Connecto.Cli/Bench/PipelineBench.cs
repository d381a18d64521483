using Connecto.Benchmarks;
using Connecto.Phantom;
using Connecto.Pipeline;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Volumes;
using Connecto.Volumes.Precomputed;
using Connecto.Volumes.Slices;

namespace Connecto.Cli.Bench;

/// <summary>Times ingest, align, predict and segment on one stack, each in this process with nothing else running.</summary>
internal static class PipelineBench
{
    private const int Rounds = 7;

    private static readonly string[] Stages = ["ingest", "align", "predict", "segment"];

    /// <summary>Writes the slices of a phantom, images alone; not part of what is timed.</summary>
    /// <exception cref="ArgumentException">No phantom has such a shape or voxel size.</exception>
    public static void Render(PhantomOptions options, string folder, CancellationToken cancellation)
    {
        var phantom = new PhantomVolume(options);
        var (height, width) = (options.Shape.Y, options.Shape.X);
        Directory.CreateDirectory(folder);
        Parallel.For(0, options.Shape.Z, new ParallelOptions { CancellationToken = cancellation }, () => new PhantomSlice(height, width),
            (z, _, slice) =>
            {
                phantom.RenderSlice(z, slice);
                PngImage.WriteGrey8(Path.Combine(folder, $"{z:D6}.png"), slice.Raw, height, width);
                return slice;
            }, _ => { });
    }

    /// <summary>Runs the stages, then the network alone beside its peers.</summary>
    /// <param name="asked">The source and how to read it.</param>
    /// <param name="run">Where the stages write; what is there is not kept but done again.</param>
    /// <param name="progress">Where progress goes.</param>
    /// <param name="measured">Is handed each row as soon as it is known.</param>
    /// <param name="cancellation">Stops at the next block.</param>
    public static PipelineReport Run(
        RunSettings asked, RunDirectory run, IRunProgress progress, Action<PipelineRow> measured, CancellationToken cancellation)
    {
        var settings = RunSource.Complete(asked, run, Models.For, progress);
        var rows = new List<PipelineRow>();
        var schedule = new Schedule(run, settings, RunStages.All, progress);
        foreach (var stage in Stages)
        {
            PeakMemory.Forget();
            var record = schedule.RunOnly(stage, cancellation).Stages[stage];
            Add(new(stage, record.Voxels, record.Seconds, Rate(record.Voxels, record.Seconds), record.PeakMemoryBytes));
        }
        var (voxels, seconds) = (rows.Max(r => r.Voxels), rows.Sum(r => r.Seconds));
        Add(new("all", voxels, seconds, Rate(voxels, seconds), rows.Max(r => r.PeakMemoryBytes)));

        var model = EmModel.Load(settings.Model!);
        var threads = settings.EffectiveThreads;
        var image = PrecomputedVolume<byte>.Open(run.Image);
        var tile = TileBenchmark.Measure(model, image, threads, Rounds, cancellation);
        var companion = Companion(model, image);
        var kmac = new KmacPerVoxel(tile.Network.DenseKmac * tile.PixelsPerVoxel + companion.Dense, tile.Network.KeptKmac * tile.PixelsPerVoxel + companion.Sparse);
        var least = kmac.Sparse * voxels / tile.PeakGmacs / 1e6;
        var own = tile.Rows[0];
        var bound = new PredictBound(own.Precision, least, least / rows.First(r => r.Stage == "predict").Seconds, own.Gmacs / tile.PeakGmacs);
        return new PipelineReport(
            rows, rows.SkipLast(1).ToDictionary(r => r.Stage, r => r.Seconds / seconds), threads, model.Info.Name, settings.Source,
            kmac, bound, tile);

        void Add(PipelineRow row)
        {
            rows.Add(row);
            measured(row);
        }
    }

    /// <summary>What a companion for synapses adds, without the overlap of its tiles.</summary>
    private static KmacPerVoxel Companion(EmModel model, ChunkedVolume<byte> image)
    {
        if (model.Synapses is not { } synapses) return new(0, 0);
        var fit = ModelFit.Of(synapses, image.Shape, image.VoxelSize);
        var (work, pixels) = (NetworkWork.Of(synapses.Network), fit.Z * fit.Y * fit.X);
        return new(work.DenseKmac * pixels, work.KeptKmac * pixels);
    }

    private static double Rate(long voxels, double seconds) => voxels / 1e6 / Math.Max(1e-9, seconds);
}
