using System.Text.Json.Nodes;
using Connecto.BrainNetworks;
using Connecto.Graph;

namespace Connecto.Pipeline.Stages;

/// <summary>The graph as sparse layers, recurrent and from inputs, and a rate run of the recurrent one.</summary>
internal sealed class NetworkStage : Stage
{
    private const string Layered = "layered";

    public override string Name => "network";
    public override int Revision => 2;
    public override IReadOnlyList<string> Inputs => ["graph"];
    public override IReadOnlyList<string> Outputs => ["network"];

    public override JsonObject Parameters(RunSettings settings) => new()
    {
        ["inputs"] = new JsonArray([.. settings.Inputs.Select(i => JsonValue.Create(i))]),
        ["steps"] = settings.Steps,
        ["seed"] = settings.Seed,
    };

    public override StageResult Run(StageContext context)
    {
        using var connectome = Connectome.Open(context.Run.Connectome);
        var inputs = InputChoice.Of(connectome, context.Settings.Inputs);
        var recipe = new NetworkRecipe { Inputs = inputs, Seed = context.Settings.Seed };
        var network = BrainNetwork.From(connectome, recipe);
        BrainNetworkFiles.Save(network, context.Work.Network);
        var summary = RateFile.Write(context.Work.Network, network, new RateOptions
        {
            Steps = context.Settings.Steps,
            Inputs = inputs,
            Threads = context.Threads,
        }, context.Cancellation);
        var layers = inputs.Count == 0 ? 0 : SaveLayered(context, connectome, recipe);
        return new StageResult(RunVolumes.VoxelsOf(context.Run), new JsonObject
        {
            ["weights"] = network.WeightCount,
            ["inputs"] = inputs.Count,
            ["layers"] = layers,
            ["activeNeurons"] = summary.ActiveNeurons,
            ["meanRate"] = summary.MeanRate,
        });
    }

    /// <summary>Writes the layered network into network/layered.</summary>
    private static int SaveLayered(StageContext context, Connectome connectome, NetworkRecipe recipe)
    {
        // Layers have no cycles, so there is no spectral radius; every neuron's inputs are scaled instead.
        var layered = BrainNetwork.From(connectome, recipe with { Form = NetworkForm.Layered, Scaling = ScalingRule.InDegree });
        BrainNetworkFiles.Save(layered, Path.Combine(context.Work.Network, Layered));
        return layered.Layers.Count;
    }
}
