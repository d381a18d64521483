using System.Text.Json.Nodes;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Sections;
using Connecto.Volumes;
using Connecto.Volumes.Precomputed;
using Connecto.Volumes.Slices;

namespace Connecto.Pipeline.Stages;

/// <summary>Slices in, one contrast-normalised image volume out; a slab of sections at a time.</summary>
internal sealed class IngestStage : Stage
{
    public override string Name => "ingest";
    public override int Revision => 2;
    public override IReadOnlyList<string> Inputs => [];
    public override IReadOnlyList<string> Outputs => ["image"];

    public override JsonObject Parameters(RunSettings settings)
    {
        var stack = RunSource.Open(settings);
        var sections = RunSource.Sections(settings, stack);
        return new JsonObject
        {
            ["source"] = settings.Source,
            ["files"] = Fingerprint.OfFiles(stack.Files),
            ["sections"] = new JsonArray(sections.Begin, sections.End),
            ["voxelSize"] = settings.VoxelSize,
            ["contrast"] = System.Text.Json.JsonSerializer.SerializeToNode(ContrastOf(settings), RunManifest.Json),
        };
    }

    public override StageResult Run(StageContext context)
    {
        var stack = RunSource.Open(context.Settings);
        var sections = RunSource.Sections(context.Settings, stack);
        var voxelSize = RunVolumes.VoxelSizeOf(context.Settings);
        var shape = new Index3(sections.End - sections.Begin, stack.Shape.Y, stack.Shape.X);
        var chunk = VolumeLayout.Chunk(voxelSize);
        var image = RunVolumes.CreateOrOpen<byte>(context.Work.Image, new PrecomputedOptions
        {
            Shape = shape,
            VoxelSize = voxelSize,
            Chunk = chunk,
            Kind = PrecomputedKind.Image,
            Encoding = PrecomputedEncoding.Raw,
            // Grey values of tissue are noise to gzip: it saves nothing.
            Packing = PrecomputedPacking.Plain,
        });
        var normalizer = new ContrastNormalizer(voxelSize, ContrastOf(context.Settings));
        var slabs = VolumeLayout.Blocks(shape, new Index3(chunk.Z, shape.Y, shape.X));
        var bytes = (long)chunk.Z * shape.Y * shape.X * 2 + (long)shape.Y * shape.X * 8;
        var blank = 0;
        BlockLedger.ForEach(context, slabs.Length, bytes, i =>
        {
            var slab = new Volume<byte>(slabs[i].Shape);
            for (var z = 0; z < slab.Shape.Z; z++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                if (!ReadSection(stack, sections.Begin + slabs[i].Begin.Z + z, normalizer, slab.Slice(z)))
                    Interlocked.Increment(ref blank);
            }
            image.Write(slabs[i], slab);
        });
        RunVolumes.BuildPyramid(context, context.Work.Image, PrecomputedPacking.Plain);
        if (blank > 0) context.Progress.Remark($"{blank} of {shape.Z} sections are blank.");
        return new StageResult(shape.Count, new JsonObject
        {
            ["sections"] = shape.Z,
            ["rows"] = shape.Y,
            ["columns"] = shape.X,
            ["bits"] = stack.BitsPerSample,
            ["blankSections"] = blank,
        });
    }

    /// <summary>A model reads only what is normalised as its training sections were.</summary>
    private static ContrastOptions ContrastOf(RunSettings settings) =>
        settings.Model is null ? new ContrastOptions() : EmModel.Load(settings.Model).Info.Contrast;

    /// <summary>Reads and normalises one section of 8 or 16 bits; false where it is blank.</summary>
    internal static bool ReadSection(SliceStack stack, int z, ContrastNormalizer normalizer, Span<byte> into)
    {
        var (height, width) = (stack.Shape.Y, stack.Shape.X);
        if (stack.BitsPerSample == 8)
        {
            stack.ReadSlice(z, into);
            return normalizer.Normalize(into, height, width, into);
        }
        if (stack.BitsPerSample != 16)
            throw new InvalidDataException(
                $"'{stack.Files[0]}' has {stack.BitsPerSample} bits a sample; an image needs 8 or 16. Nothing was changed.");
        var samples = new uint[height * width];
        stack.ReadSlice(z, samples.AsSpan());
        var deep = new ushort[samples.Length];
        for (var i = 0; i < deep.Length; i++) deep[i] = (ushort)samples[i];
        return normalizer.Normalize(deep.AsSpan(), height, width, into);
    }
}
