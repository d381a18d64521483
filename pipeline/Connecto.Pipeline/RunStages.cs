using Connecto.Pipeline.Stages;

namespace Connecto.Pipeline;

/// <summary>The stages of the main job, in order.</summary>
public static class RunStages
{
    /// <summary>Ingest, align, predict, segment, synapses, graph, network.</summary>
    public static IReadOnlyList<Stage> All { get; } =
        [new IngestStage(), new AlignStage(), new PredictStage(), new SegmentStage(), new SynapseStage(), new GraphStage(), new NetworkStage()];
}
