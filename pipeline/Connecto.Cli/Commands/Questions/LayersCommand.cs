using System.CommandLine;
using System.Text.Json;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli.Commands;

/// <summary>`connecto layers DIR --inputs NEURONS`: the neurons in layers from chosen inputs.</summary>
internal static class LayersCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var inputs = new Option<string?>("--inputs") { Description = "The first layer: ids, names, types or patterns, commas between. Default: neurons without inputs." };
        var rule = new Option<string?>("--rule") { Description = "hops: fewest connections from an input. longest: most, cycles in one layer. Default: hops." };
        var command = question.On(new Command("layers",
            "Neurons in layers from chosen inputs along the synapses; -1 where no input reaches.\n\nExample:\n  connecto layers out --inputs 1,2 --rule longest"));
        foreach (var option in (Option[])[inputs, rule]) command.Add(option);
        command.SetWork((parse, _) =>
        {
            var how = Choice.Of(parse, rule, ("hops", LayerRule.HopDistance), ("longest", LayerRule.LongestPath));
            var source = question.Open(parse);
            var c = source.Connectome;
            var first = parse.GetValue(inputs) is { } text ? source.Names.Find(text)
                : [.. Enumerable.Range(0, c.NeuronCount).Where(n => c.Degree(n, Direction.In) == 0 && c.Degree(n, Direction.Out) > 0)];
            var layers = GraphLayers.From(c, first, how);
            var table = new AnswerTable(["layer", .. AnswerTable.Neuron(source)]);
            foreach (var neuron in Enumerable.Range(0, c.NeuronCount).OrderBy(n => (uint)layers.LayerOf(n)))
                table.Add([layers.LayerOf(neuron), .. AnswerTable.Neuron(source, neuron)]);
            var s = layers.Summary;
            question.Answer(parse, table, new() { ["summary"] = JsonSerializer.SerializeToNode(s, GraphJson.Options) },
                $"{layers.Depth} layer(s) of {string.Join(", ", s.LayerSizes)} neuron(s), {s.UnreachedNeurons} not reached.",
                $"Connections: {s.ForwardEdges} to the next layer, {s.SkipEdges} over layers, {s.LateralEdges} within, {s.BackwardEdges} back, {s.UnreachedEdges} unreached.");
            return Task.FromResult(0);
        });
        return command;
    }
}
