using System.Text.Json;
using System.Text.Json.Nodes;
using Connecto.Graph;
using Connecto.Segmentation.Model;
using Connecto.Synapses;
using Connecto.Volumes.Precomputed;

namespace Connecto.Pipeline.Stages;

/// <summary>Clefts and their partners from the maps and the segmentation, block by block.</summary>
internal sealed class SynapseStage : Stage
{
    /// <summary>The synapse table inside the stage's directory.</summary>
    public const string FileName = "synapses.csv";

    public override string Name => "synapses";
    public override int Revision => 2;
    public override IReadOnlyList<string> Inputs => ["predict", "segment"];
    public override IReadOnlyList<string> Outputs => ["synapses"];

    public override JsonObject Parameters(RunSettings settings) =>
        JsonSerializer.SerializeToNode(OptionsOf(settings), RunManifest.Json)!.AsObject();

    public override StageResult Run(StageContext context)
    {
        var maps = PrecomputedVolume<byte>.Open(context.Run.Affinities);
        var segments = PrecomputedVolume<ulong>.Open(context.Run.Segmentation);
        var options = OptionsOf(context.Settings);
        var blocks = VolumeLayout.Blocks(maps.Shape, VolumeLayout.PredictionBlock(maps.VoxelSize, new(1, 1, 1)));
        var read = maps.Channels + sizeof(ulong) + sizeof(int);
        var parts = new CleftParts[blocks.Length];
        var halo = SynapseDetector.Halo(maps.VoxelSize, options);
        var whole = Volumes.Box.Of(maps.Shape);
        context.ForEachBlock(blocks, 2 * read, i =>
        {
            var box = blocks[i].Grow(halo).Intersect(whole);
            parts[i] = SynapseDetector.DetectBlock(maps.Read(box), (int)EmOutput.Cleft, (int)EmOutput.Presynaptic,
                segments.Read(box), box, blocks[i], whole, maps.VoxelSize, options, i);
        });
        var table = SynapseTable.From(SynapseDetector.Join(parts, maps.VoxelSize, options));
        Directory.CreateDirectory(context.Work.Synapses);
        SynapseCsv.Write(Path.Combine(context.Work.Synapses, FileName), table);
        return new StageResult(maps.Shape.Count, new JsonObject { ["synapses"] = table.Count });
    }

    private static SynapseOptions OptionsOf(RunSettings settings)
    {
        var options = SynapseOptions.For(RunVolumes.VoxelSizeOf(settings));
        var loaded = settings.Model is null ? null : EmModel.Load(settings.Model);
        var model = (loaded?.Synapses ?? loaded)?.Info;
        var high = settings.CleftThreshold
            ?? (model is not null && model.Thresholds.TryGetValue("cleft", out var cleft) ? cleft : options.HighThreshold);
        return options with { HighThreshold = high, LowThreshold = Math.Min(options.LowThreshold, high) };
    }
}
