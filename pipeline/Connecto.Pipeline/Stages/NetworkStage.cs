using System.Text.Json;
using System.Text.Json.Nodes;
using Connecto.BrainNetworks;
using Connecto.Graph;

namespace Connecto.Pipeline.Stages;

/// <summary>The graph as sparse layers, recurrent and from inputs, and a rate run of the recurrent one.</summary>
internal sealed class NetworkStage : Stage
{
    public override string Name => "network";
    public override int Revision => 3;
    public override IReadOnlyList<string> Inputs => ["graph"];
    public override IReadOnlyList<string> Outputs => ["network"];

    public override JsonObject Parameters(RunSettings settings) => new()
    {
        ["inputs"] = new JsonArray([.. settings.Inputs.Select(i => JsonValue.Create(i))]),
        ["steps"] = settings.Steps,
        ["seed"] = settings.Seed,
        ["recipe"] = JsonSerializer.SerializeToNode(NetworkMaker.Resolve(Request(settings, [], 1)), GraphJson.Options),
    };

    public override StageResult Run(StageContext context)
    {
        using var connectome = Connectome.Open(context.Run.Connectome);
        var inputs = InputChoice.Of(connectome, context.Settings.Inputs);
        var made = NetworkMaker.Make(
            connectome, Request(context.Settings, inputs, context.Threads), context.Work.Network, context.Cancellation);
        return new StageResult(RunVolumes.VoxelsOf(context.Run), new JsonObject
        {
            ["weights"] = made.Recurrent.WeightCount,
            ["inputs"] = inputs.Count,
            ["layers"] = made.Layered?.Layers.Count ?? 0,
            ["activeNeurons"] = made.Rates.ActiveNeurons,
            ["meanRate"] = made.Rates.MeanRate,
        });
    }

    private static NetworkRequest Request(RunSettings settings, IReadOnlyList<ulong> inputs, int threads) => new()
    {
        Recipe = (settings.Recipe ?? new()) with { Seed = settings.Seed },
        TransmitterTables = settings.TransmitterTables,
        Inputs = inputs,
        Steps = settings.Steps,
        Threads = threads,
    };
}
