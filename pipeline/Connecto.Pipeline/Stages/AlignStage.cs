using System.Text.Json.Nodes;
using Connecto.Segmentation;
using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Model;
using Connecto.Volumes;
using Connecto.Volumes.Precomputed;

namespace Connecto.Pipeline.Stages;

/// <summary>Finds how every section lies over the one below, for stacks cut by a knife and models that want to know.</summary>
/// <remarks>No image is resampled and every later volume keeps the frame of the slices; prediction and agglomeration go
/// from section to section along the fields that this stage writes.</remarks>
internal sealed class AlignStage : Stage
{
    public override string Name => "align";
    public override int Revision => 1;
    public override IReadOnlyList<string> Inputs => ["ingest"];
    public override IReadOnlyList<string> Outputs => ["alignment.json"];

    public override JsonObject Parameters(RunSettings settings) => new() { ["aligned"] = IsAligned(settings) };

    public override StageResult Run(StageContext context)
    {
        var image = PrecomputedVolume<byte>.Open(context.Run.Image);
        var aligned = IsAligned(context.Settings);
        var fields = new SectionField?[image.Shape.Z];
        if (aligned) Match(context, image, fields);
        var stack = new StackAlignment(fields);
        stack.Save(context.Work.Alignment);
        return new StageResult(image.Shape.Count, new JsonObject
        {
            ["sectionsMoved"] = fields.Count(f => f is not null),
            ["largestShiftNm"] = Math.Round(fields.Max(f => f?.Largest ?? 0) * image.VoxelSize.X, 1),
        });
    }

    // A slab of whole sections at a time: chunks hold several, and each is decoded once.
    private static void Match(StageContext context, PrecomputedVolume<byte> image, SectionField?[] fields)
    {
        var shape = image.Shape;
        var plane = (long)shape.Y * shape.X;
        var depth = (int)Math.Clamp(context.MemoryBytes / (plane * 2) - 1, 1, image.Chunk.Z);
        var aligner = new SectionAligner(image.VoxelSize);
        for (var begin = 0; begin < shape.Z; begin += depth)
        {
            var (first, past) = (Math.Max(0, begin - 1), Math.Min(shape.Z, begin + depth));
            var slab = image.Read(new(new(first, 0, 0), new(past, shape.Y, shape.X)));
            Parallel.For(Math.Max(1, begin), Math.Max(1, past),
                new() { MaxDegreeOfParallelism = context.Threads, CancellationToken = context.Cancellation },
                z => fields[z] = aligner.Match(slab.Slice(z - first), slab.Slice(z - 1 - first), shape.Y, shape.X));
            context.Progress.Advance(past, shape.Z, "sections");
        }
    }

    private static bool IsAligned(RunSettings settings) =>
        settings.Model is not null && EmModel.Load(settings.Model).Info.AlignSections
        && RunVolumes.VoxelSizeOf(settings).Anisotropy >= WatershedOptions.SectionAnisotropy;
}
