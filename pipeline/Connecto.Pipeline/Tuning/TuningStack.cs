using Connecto.Segmentation;
using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Model;
using Connecto.Synapses;
using Connecto.Volumes;

namespace Connecto.Pipeline.Tuning;

/// <summary>One stack, predicted once, and what any thresholds make of it.</summary>
/// <remarks>Voxels are gone through once a watershed: after that a segmentation is a relabelling of fragments, and its scores
/// follow from the table of fragments and truth.</remarks>
internal sealed class TuningStack(TuningSource source, StackAlignment alignment, Volume<byte> maps)
{
    private const double CleftDistanceNm = 200;

    private readonly Dictionary<WatershedOptions, (RegionGraph Graph, Contingency Table)> floods = [];

    /// <summary>The stack.</summary>
    public TuningSource Source => source;

    /// <summary>Floods, where that was not done before with these options; not from several threads.</summary>
    public void Flood(WatershedOptions options, int threads, CancellationToken cancellation)
    {
        if (floods.ContainsKey(options)) return;
        var (whole, voxelSize) = (Box.Of(maps.Shape), source.VoxelSize);
        var halo = FragmentBlock.Halo(voxelSize, options);
        var blocks = VolumeLayout.FragmentBlocks(maps.Shape, voxelSize);
        var fragments = new Volume<ulong>(maps.Shape);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, blocks.Length, parallel, i =>
        {
            var read = blocks[i].Grow(halo).Intersect(whole);
            var labels = FragmentBlock.Flood(maps.Crop(read), read, blocks[i], voxelSize, options, i);
            fragments.Paste(labels, Box.Of(labels.Shape), blocks[i].Begin);
        });
        var builder = new RegionGraphBuilder();
        builder.Add(fragments, maps, whole, new(alignment, default));
        var table = new Contingency();
        table.Add(source.Truth.Data.AsSpan(), fragments.Data.AsSpan());
        floods[options] = (builder.Build(), table);
    }

    /// <summary>The scores with some thresholds; <see cref="Flood"/> comes first. Safe from several threads.</summary>
    public SegmentationScore Score(SegmentationSettings settings, CancellationToken cancellation)
    {
        var (graph, table) = floods[settings.Watershed];
        var segments = Agglomeration.Merge(graph, source.VoxelSize, settings.Agglomeration, cancellation);
        var merged = new Contingency();
        foreach (var (truth, fragment, voxels) in table.Pairs) merged.Add(truth, segments[fragment], voxels);
        return SegmentationScore.Of(merged);
    }

    /// <summary>F1 of clefts within 200 nm; null where nobody labelled them.</summary>
    public double? CleftF1(double threshold, int threads, CancellationToken cancellation)
    {
        if (source.Clefts is not { Count: > 0 } truth) return null;
        var defaults = SynapseOptions.For(source.VoxelSize);
        var options = defaults with
        {
            HighThreshold = threshold,
            LowThreshold = Math.Min(defaults.LowThreshold, threshold),
            Lonely = LonelyClefts.Keep,
        };
        var volumes = new SynapseMaps(
            new MemoryVolume<byte>(maps, source.VoxelSize), new MemoryVolume<ulong>(source.Cells, source.VoxelSize))
        {
            CleftChannel = (int)EmOutput.Cleft,
            PresynapticChannel = (int)EmOutput.Presynaptic,
        };
        var block = VolumeLayout.PredictionBlock(source.VoxelSize, new(1, 1, 1));
        var found = SynapseDetector.Detect(volumes, source.VoxelSize, options, block, threads, cancel: cancellation);
        return SynapseScore.MatchClefts(found, truth, CleftDistanceNm).F1;
    }
}
