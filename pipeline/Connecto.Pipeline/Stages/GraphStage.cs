using System.Text.Json.Nodes;
using Connecto.Graph;
using Connecto.Graph.DuckDb;

namespace Connecto.Pipeline.Stages;

/// <summary>Neurons and synapses become the connectome and its tables.</summary>
internal sealed class GraphStage : Stage
{
    public override string Name => "graph";
    public override int Revision => 1;
    public override IReadOnlyList<string> Inputs => ["segment", "synapses"];
    public override IReadOnlyList<string> Outputs => ["tables"];

    public override JsonObject Parameters(RunSettings settings) => [];

    public override StageResult Run(StageContext context)
    {
        var neurons = NeuronFile.Read(Path.Combine(context.Run.Segmentation, NeuronFile.Name));
        var synapses = SynapseCsv.Read(Path.Combine(context.Run.Synapses, SynapseStage.FileName));
        var connectome = Connectome.Build(neurons, synapses);
        GraphTables.Write(context.Work.Root, connectome, cancellation: context.Cancellation);
        return new StageResult(RunVolumes.VoxelsOf(context.Run), new JsonObject
        {
            ["neurons"] = connectome.Neurons.Length,
            ["synapses"] = synapses.Count,
            ["connections"] = connectome.EdgeCount,
            ["unassignedSynapses"] = connectome.UnassignedSynapses,
        });
    }
}
