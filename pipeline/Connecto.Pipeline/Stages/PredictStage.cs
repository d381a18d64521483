using System.Text.Json.Nodes;
using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Volumes;
using Connecto.Volumes.Precomputed;

namespace Connecto.Pipeline.Stages;

/// <summary>Runs the model over the image: five maps a voxel, block by block.</summary>
internal sealed class PredictStage : Stage
{
    private const int Maps = 5;

    public override string Name => "predict";
    public override int Revision => 3;
    public override IReadOnlyList<string> Inputs => ["ingest", "align"];
    public override IReadOnlyList<string> Outputs => ["affinities"];

    public override JsonObject Parameters(RunSettings settings)
    {
        var directory = ModelOf(settings);
        var precision = PrecisionOf(settings).For(EmModel.Load(directory));
        string[] files = [.. EmModel.FilesOf(directory)];
        var parameters = new JsonObject { ["model"] = Path.GetFileName(directory), ["modelHash"] = Fingerprint.OfContent(files) };
        // Runs in floats keep the fingerprint that they had before there was a choice.
        if (precision == PredictionPrecision.Int8) parameters["precision"] = "int8";
        return parameters;
    }

    public override StageResult Run(StageContext context)
    {
        var model = EmModel.Load(ModelOf(context.Settings));
        var image = PrecomputedVolume<byte>.Open(context.Run.Image);
        var output = RunVolumes.CreateOrOpen<byte>(context.Work.Affinities, new PrecomputedOptions
        {
            Shape = image.Shape,
            VoxelSize = image.VoxelSize,
            Chunk = image.Chunk,
            Channels = Maps,
            Kind = PrecomputedKind.Image,
            Encoding = PrecomputedEncoding.Raw,
            // Gzip saves two fifths and takes 23 ns of one core a voxel in place of 1.
            Packing = PrecomputedPacking.Plain,
        });
        using var predictor = new AffinityPredictor(
            model, context.Threads, PrecisionOf(context.Settings), StackAlignment.Load(context.Run.Alignment));
        var tile = predictor.CheapestBlock(image.Shape, image.VoxelSize);
        var blocks = VolumeLayout.Blocks(image.Shape, VolumeLayout.PredictionBlock(image.VoxelSize, tile));
        var fit = ModelFit.Of(model, image.Shape, image.VoxelSize);
        context.Progress.Remark(fit.Sentence);
        if (fit.Warning is { } warning) context.Progress.Remark(warning);
        var bytes = (long)(blocks.Max(b => b.Count) * predictor.BytesPerVoxel(image.Shape, image.VoxelSize));
        BlockLedger.ForEach(context, blocks.Length, bytes, i =>
        {
            var maps = predictor.Predict(image, blocks[i], context.Cancellation);
            // Beside prediction in bytes the writing of chunks is no trifle, so it goes to all threads too.
            var chunks = Box.Of(maps.Shape).Tile(image.Chunk).ToArray();
            BlockWork.Run(chunks.Length, context.Threads, context.Cancellation, c =>
                output.Write(chunks[c].Shift(blocks[i].Begin), maps.Crop(chunks[c])));
        }, atOnce: 1);
        var likeness = predictor.Likeness;
        if (likeness.Reason is { } reason)
            context.Progress.Remark(
                $"The image looks unlike what model '{model.Info.Name}' learnt from: it {reason}. Look at the report before you trust the result.");
        return new StageResult(image.Shape.Count, new JsonObject
        {
            ["model"] = model.Info.Name,
            ["modelVoxelSize"] = model.Info.VoxelSize.ToString(),
            ["precision"] = predictor.Precision == PredictionPrecision.Int8 ? "int8" : "fp32",
            ["resampled"] = fit.IsIdentity ? null : FormattableString.Invariant($"{fit.Z:0.###},{fit.Y:0.###},{fit.X:0.###}"),
            ["greyDistance"] = likeness.IsKnown ? Math.Round(likeness.HistogramDistance, 3) : null,
            ["roughness"] = likeness.IsKnown ? Math.Round(likeness.RoughnessRatio, 3) : null,
        });
    }

    private static PredictionPrecision PrecisionOf(RunSettings settings) => settings.Precision switch
    {
        null => PredictionPrecision.Auto,
        "fp32" => PredictionPrecision.Fp32,
        "int8" => PredictionPrecision.Int8,
        _ => throw new InvalidDataException(
            $"The run's precision is '{settings.Precision}', not fp32 or int8; give --precision. Nothing was predicted."),
    };

    private static string ModelOf(RunSettings settings) =>
        settings.Model ?? throw new InvalidDataException("No model was chosen; give --model.");
}
