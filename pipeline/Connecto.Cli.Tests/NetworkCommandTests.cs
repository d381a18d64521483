using System.Text.Json;
using Connecto.BrainNetworks;
using Connecto.Sparse;

namespace Connecto.Cli.Tests;

/// <summary>An imported edge list becomes networks by a recipe, a model of the engine, and a fitted model.</summary>
public sealed class NetworkCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-network-").FullName;

    private string Out => Path.Combine(_root, "out");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task An_imported_connectome_becomes_layers_that_the_engine_plans_and_fits()
    {
        await Import();
        File.WriteAllText(Path.Combine(_root, "has.csv"), "id,transmitter\n1,GABA\n2,ACH\n");
        var answer = await Json(
            "network", Out, "--inputs", "1", "2", "3", "4", "5", "6", "--order", "community", "--layers", "longest", "--scaling", "in-degree",
            "--sign", "transmitters", "--transmitters", Path.Combine(_root, "has.csv"), "--json");
        var facts = answer.GetProperty("layered").GetProperty("facts");
        Assert.True(facts.GetProperty("layering").GetProperty("skipEdges").GetInt32() > 0);
        Assert.True(facts.GetProperty("localityById").GetProperty("productBytes").GetInt64() > 0);
        Assert.Equal("contacts-transmitters-community", answer.GetProperty("recurrent").GetProperty("recipe").GetProperty("name").GetString());
        var network = BrainNetworkFiles.Load(Path.Combine(Out, "network", "layered"));
        Assert.StartsWith("has.csv sha256:", network.Recipe.Transmitters!.Tables.Single());
        Assert.Equal(network.Facts.ExcitatoryNeurons + 1, network.Neurons.Length);

        Assert.Contains("layer-2", await Said("plan", Path.Combine(Out, "network", "layered")));
        var (model, fitted) = (Path.Combine(_root, "model"), Path.Combine(_root, "fitted"));
        Assert.Contains($"{network.WeightCount} weights", await Said("export", "layers", Out, "--out", model));
        Assert.Contains("layer-1", await Said("plan", model, "--size", "1,8"));
        var fit = await Json("fit", Out, "--classes", "4", "--noise", "0.1", "--steps", "150", "--threads", "2", "--out", fitted, "--json");
        Assert.True(fit.GetProperty("after").GetDouble() > 2 * fit.GetProperty("chance").GetDouble());
        Assert.Equal(4, NetworkModel.Load(fitted).Outputs);
    }

    [Fact]
    public async Task What_cannot_become_a_network_is_refused_in_one_sentence()
    {
        await Import();
        string[][] commands =
        [
            ["network", _root], ["network", Out, "--sign", "transmitters"], ["network", Out, "--order", "sorted"], ["network", Out, "--inputs", "x"],
            ["network", Out, "--transmitters", "/nowhere.csv"], ["network", Out, "--gain", "0"], ["fit", Out], ["export", "layers", Out, "--out", Out + "/x"],
        ];
        foreach (var command in commands)
        {
            var (code, _, error) = await CommandRun.Of(command);
            Assert.True(code == 2, $"{string.Join(' ', command)}: {code} {error}");
            Assert.Single(error.Trim().Split('\n'));
        }
        Assert.False(Directory.Exists(Path.Combine(Out, "network")));
    }

    private async Task Import()
    {
        // 60 neurons; neuron n sends to n + 3, n + 7 and n + 8, which makes edges over layers, and to n - 5.
        var rows = Enumerable.Range(1, 60).SelectMany(n => ((int[])[3, 7, 8, -5]).Select(d => (n, n + d, 1 + n % 4))).Where(e => e.Item2 is > 0 and <= 60);
        var edges = Path.Combine(_root, "edges.csv");
        File.WriteAllLines(edges, ["pre,post,contacts", .. rows.Where(e => e.Item2 > e.n || e.n > 40).Select(e => $"{e.n},{e.Item2},{e.Item3}")]);
        Assert.Equal(0, (await CommandRun.Of("import", edges, "--out", Out)).Code);
    }

    private static async Task<string> Said(params string[] command)
    {
        var (code, said, error) = await CommandRun.Of(command);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {error}");
        return said;
    }

    private static async Task<JsonElement> Json(params string[] command) => JsonDocument.Parse(await Said(command)).RootElement;
}
