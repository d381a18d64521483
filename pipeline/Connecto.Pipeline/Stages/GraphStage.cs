using System.Text.Json.Nodes;
using Connecto.Graph;
using Connecto.Graph.DuckDb;

namespace Connecto.Pipeline.Stages;

/// <summary>Neurons and synapses become the connectome, stored to be mapped, and its tables.</summary>
internal sealed class GraphStage : Stage
{
    public override string Name => "graph";
    public override int Revision => 3;
    public override IReadOnlyList<string> Inputs => ["segment", "synapses"];
    public override IReadOnlyList<string> Outputs => ["connectome", "tables"];

    public override JsonObject Parameters(RunSettings settings) => [];

    public override StageResult Run(StageContext context)
    {
        var neurons = NeuronFile.Read(Path.Combine(context.Run.Segmentation, NeuronFile.Name));
        var synapses = SynapseCsv.Read(Path.Combine(context.Run.Synapses, SynapseStage.FileName));
        var connectome = Connectome.Build(neurons, synapses);
        connectome.With(new ConnectomeProvenance
        {
            Kind = "run",
            Rule = AggregationRule.Synapses with { Size = "their cleft voxels, summed" },
            Rows = synapses.Count,
            Notes = connectome.Autapses == 0 ? [] : [FormattableString.Invariant($"{connectome.Autapses} synapses of a neuron with itself make no edge.")],
        }).Save(context.Work.Connectome);
        GraphTables.Write(context.Work.Root, connectome, new DuckOptions { MemoryBytes = context.MemoryBytes }, context.Cancellation);
        return new StageResult(RunVolumes.VoxelsOf(context.Run), new JsonObject
        {
            ["neurons"] = connectome.Neurons.Length,
            ["synapses"] = synapses.Count,
            ["connections"] = connectome.EdgeCount,
            ["unassignedSynapses"] = connectome.UnassignedSynapses,
        });
    }
}
