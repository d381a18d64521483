using System.Collections.Concurrent;
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
    public override int Revision => 4;
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
        var measured = new BlockGraphFiles(Path.Combine(context.Work.Root, "blocks"));
        Label(context, settings, affinities, fragments, blocks, measured);

        var alignment = StackAlignment.Load(context.Run.Alignment);
        var graph = alignment.IsIdentity
            ? Gather(context, blocks, measured)
            : MeasureDisplaced(context, affinities, fragments, blocks, alignment);
        context.Progress.Advance(0, 1, "agglomerations");
        var relabelling = Agglomeration.Merge(graph, voxelSize, settings.Agglomeration, context.Cancellation);
        var segments = new SegmentOfFragment(relabelling, blocks.Length);
        Rename(context, fragments, segmentation, segments);

        var census = new SegmentCensus(voxelSize);
        for (var b = 0; b < blocks.Length; b++)
        {
            var tallies = measured.Read(b).Tallies;
            for (var i = 0; i < tallies.Count; i++) census.Add(segments[FragmentBlock.IdBase(b) + (ulong)i + 1], tallies[i]);
        }
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

    /// <summary>Fragments of every block, written, and what the region graph needs of the block.</summary>
    private static void Label(StageContext context, SegmentationSettings settings, PrecomputedVolume<byte> affinities,
        PrecomputedVolume<ulong> fragments, Box[] blocks, BlockGraphFiles measured)
    {
        var halo = FragmentBlock.Halo(affinities.VoxelSize, settings.Watershed);
        var bytes = blocks.Max(b => BlockLabeller.BytesFor(b, halo, affinities.Shape));
        var idle = new ConcurrentBag<BlockLabeller>();
        BlockLedger.ForEach(context, blocks.Length, bytes, i =>
        {
            if (!idle.TryTake(out var labeller)) labeller = new BlockLabeller(affinities, fragments, settings.Watershed);
            measured.Write(labeller.Label(blocks[i], halo, i));
            idle.Add(labeller);
        });
        foreach (var labeller in idle) labeller.Dispose();
    }

    /// <summary>The region graph: what blocks measured within themselves, and the faces where they meet.</summary>
    private static RegionGraph Gather(StageContext context, Box[] blocks, BlockGraphFiles measured)
    {
        var builder = new RegionGraphBuilder();
        var below = new Dictionary<Index3, int>();
        for (var i = 0; i < blocks.Length; i++) below[blocks[i].Begin] = i;
        context.ForEachBlock(blocks, 2, i =>
        {
            var own = measured.Read(i);
            builder.Add(own);
            var (begin, end) = (blocks[i].Begin, blocks[i].End);
            Index3[] next = [begin with { Z = end.Z }, begin with { Y = end.Y }, begin with { X = end.X }];
            for (var axis = 0; axis < 3; axis++)
                if (below.TryGetValue(next[axis], out var above))
                    builder.AddFaces(own, measured.Read(above), axis);
        });
        return builder.Build();
    }

    /// <summary>The region graph of displaced sections: a block's voxels may lie over any that are within reach, so
    /// fragments and affinities are read again.</summary>
    private static RegionGraph MeasureDisplaced(StageContext context, PrecomputedVolume<byte> affinities,
        PrecomputedVolume<ulong> fragments, Box[] blocks, StackAlignment alignment)
    {
        var builder = new RegionGraphBuilder();
        var (reach, lower) = (new Index3(0, alignment.Reach, alignment.Reach), new Index3(1, 1, 1));
        var whole = Box.Of(affinities.Shape);
        context.ForEachBlock(blocks, 16, i =>
        {
            var read = new Box(blocks[i].Begin - lower, blocks[i].End).Grow(reach).Intersect(whole);
            var near = new Volume<byte>(read.Shape, 3);
            affinities.Read(read, near);
            builder.Add(fragments.Read(read), near, blocks[i].Shift(default(Index3) - read.Begin), new(alignment, read.Begin));
        });
        return builder.Build();
    }

    private static void Rename(StageContext context, PrecomputedVolume<ulong> fragments,
        PrecomputedVolume<ulong> segmentation, SegmentOfFragment segments)
    {
        Box[] chunks = [.. Box.Of(fragments.Shape).Tile(fragments.Chunk)];
        context.ForEachBlock(chunks, 8, i => segmentation.WriteRenamed(fragments, chunks[i], segments.Rename));
    }

    /// <summary>The thresholds of the model, with the user's on top.</summary>
    private static SegmentationSettings SettingsOf(RunSettings settings)
    {
        var chosen = SegmentationSettings.For(RunVolumes.VoxelSizeOf(settings));
        if (settings.Model is not null) chosen = chosen.With(EmModel.Load(settings.Model).Info.Thresholds);
        return settings.MergeThreshold is { } merge
            ? chosen with { Agglomeration = chosen.Agglomeration with { Threshold = merge } } : chosen;
    }
}
