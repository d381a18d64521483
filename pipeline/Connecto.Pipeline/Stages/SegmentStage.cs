using System.Text.Json;
using System.Text.Json.Nodes;
using Connecto.Segmentation;
using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Model;
using Connecto.Volumes;
using Connecto.Volumes.Precomputed;

namespace Connecto.Pipeline.Stages;

/// <summary>Affinities to fragments block by block, their region graph, and one agglomeration over all of it.</summary>
internal sealed class SegmentStage : Stage
{
    public override string Name => "segment";
    public override int Revision => 3;
    public override IReadOnlyList<string> Inputs => ["predict", "align"];
    public override IReadOnlyList<string> Outputs => ["fragments", "segmentation"];

    public override JsonObject Parameters(RunSettings settings) =>
        JsonSerializer.SerializeToNode(SettingsOf(settings), RunManifest.Json)!.AsObject();

    public override StageResult Run(StageContext context)
    {
        var settings = SettingsOf(context.Settings);
        var affinities = PrecomputedVolume<byte>.Open(context.Run.Affinities);
        var (shape, voxelSize) = (affinities.Shape, affinities.VoxelSize);
        var options = new PrecomputedOptions
        {
            Shape = shape,
            VoxelSize = voxelSize,
            Chunk = affinities.Chunk,
            Kind = PrecomputedKind.Segmentation,
            Encoding = PrecomputedEncoding.CompressedSegmentation,
        };
        var fragments = RunVolumes.CreateOrOpen<ulong>(context.Work.Fragments, options);
        var segmentation = RunVolumes.CreateOrOpen<ulong>(context.Work.Segmentation, options);
        var blocks = VolumeLayout.FragmentBlocks(shape, voxelSize);
        Flood(context, settings, affinities, fragments, blocks);

        var graph = Measure(context, affinities, fragments, blocks);
        context.Progress.Advance(0, 1, "agglomerations");
        var relabelling = Agglomeration.Merge(graph, voxelSize, settings.Agglomeration, context.Cancellation);

        var census = new SegmentCensus(voxelSize);
        context.ForEachBlock(blocks, 16, i =>
        {
            var voxels = fragments.Read(blocks[i]);
            relabelling.Apply(voxels);
            segmentation.Write(blocks[i], voxels);
            census.Count(voxels, blocks[i].Begin);
        });
        var neurons = census.Neurons();
        NeuronFile.Write(Path.Combine(context.Work.Segmentation, NeuronFile.Name), neurons);
        RunVolumes.BuildPyramid(context, context.Work.Segmentation, PrecomputedPacking.Gzip);
        return new StageResult(shape.Count, new JsonObject
        {
            ["fragments"] = graph.Fragments.Length,
            ["edges"] = graph.EdgeCount,
            ["neurons"] = neurons.Count,
        });
    }

    private static void Flood(StageContext context, SegmentationSettings settings, PrecomputedVolume<byte> affinities,
        PrecomputedVolume<ulong> fragments, Box[] blocks)
    {
        var halo = FragmentBlock.Halo(affinities.VoxelSize, settings.Watershed);
        var whole = Box.Of(affinities.Shape);
        // Affinities and maps, labels and the flood's scratch: 5 + 8 + 12 bytes a voxel with halo, 8 more for the crop.
        var bytes = blocks.Max(b => b.Grow(halo).Intersect(whole).Count) * 33;
        BlockLedger.ForEach(context, blocks.Length, bytes, i =>
        {
            var read = blocks[i].Grow(halo).Intersect(whole);
            var labels = FragmentBlock.Flood(
                affinities.Read(read), read, blocks[i], affinities.VoxelSize, settings.Watershed, i);
            fragments.Write(blocks[i], labels);
        });
    }

    private static RegionGraph Measure(StageContext context, PrecomputedVolume<byte> affinities,
        PrecomputedVolume<ulong> fragments, Box[] blocks)
    {
        var builder = new RegionGraphBuilder();
        var alignment = StackAlignment.Load(context.Run.Alignment);
        var (reach, lower) = (new Index3(0, alignment.Reach, alignment.Reach), new Index3(1, 1, 1));
        var whole = Box.Of(affinities.Shape);
        context.ForEachBlock(blocks, 16, i =>
        {
            var read = new Box(blocks[i].Begin - lower, blocks[i].End).Grow(reach).Intersect(whole);
            builder.Add(fragments.Read(read), affinities.Read(read), blocks[i].Shift(default(Index3) - read.Begin),
                new(alignment, read.Begin));
        });
        return builder.Build();
    }

    /// <summary>The thresholds of the model, with the user's on top.</summary>
    private static SegmentationSettings SettingsOf(RunSettings settings)
    {
        var voxelSize = RunVolumes.VoxelSizeOf(settings);
        var chosen = SegmentationSettings.For(voxelSize);
        var model = settings.Model is null ? null : EmModel.Load(settings.Model).Info;
        var threshold = settings.MergeThreshold
            ?? (model is not null && model.Thresholds.TryGetValue("merge", out var merge) ? merge : chosen.Agglomeration.Threshold);
        return chosen with { Agglomeration = chosen.Agglomeration with { Threshold = threshold } };
    }
}
