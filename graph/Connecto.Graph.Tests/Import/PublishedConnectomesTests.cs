using Connecto.Testing;

namespace Connecto.Graph.Tests;

/// <summary>The public data themselves, against what their papers count.</summary>
public sealed class PublishedConnectomesTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [RealDataFact("connectomes/larva")]
    public void The_larva_has_the_neurons_edges_and_synapses_of_its_paper()
    {
        using var c = Import("larva", "connectomes/larva");
        Assert.Equal((2952, 110677, 352611L), (c.NeuronCount, c.EdgeCount, c.ContactCount));
        Assert.Contains(c.Provenance!.Notes, n => n.Contains("90800 axo-axonic, 234958 axo-dendritic, 6438 dendro-axonic, 20415 dendro-dendritic"));
        Assert.Equal(783, c.Autapses);
        Assert.Contains("KC", c.Labels.Find("type")!.Values);
    }

    [RealDataFact("connectomes/larva")]
    public void The_larvas_types_add_up_to_all_its_synapses()
    {
        long contacts = 0;
        foreach (var part in (string[])["aa", "ad", "da", "dd"])
        {
            using var c = Import("larva", "connectomes/larva", new ImportOptions { Part = part });
            contacts += c.ContactCount;
        }
        Assert.Equal(352611, contacts);
    }

    [RealDataFact("connectomes/larva")]
    public void The_larvas_edge_list_has_the_rows_of_its_file()
    {
        using var c = Import("larva-edges", "connectomes/larva");
        Assert.Equal((3591, 119010, 376091L), (c.NeuronCount, c.EdgeCount, c.ContactCount));
        Assert.Equal("KC #0", c.Labels.Of(c.IndexOf(29), "name"));
        Assert.Equal(9, c.ContactCounts[c.FindEdge(c.IndexOf(29), c.IndexOf(8419602))]);
    }

    [RealDataFact("connectomes/celegans")]
    public void The_worms_eight_animals_have_all_rows_between_them()
    {
        long contacts = 0;
        for (var animal = 1; animal <= 8; animal++)
        {
            using var c = Import("celegans", "connectomes/celegans", new ImportOptions { Part = $"Dataset{animal}" });
            contacts += c.ContactCount;
        }
        Assert.Equal(32105, contacts);
    }

    [RealDataFact("connectomes/celegans")]
    public void The_worms_edge_list_has_chemical_and_electrical_rows()
    {
        using (var c = Import("celegans-edges", "connectomes/celegans")) Assert.Equal((448, 4681, 27019L), (c.NeuronCount, c.EdgeCount, c.ContactCount));
        using (var c = Import("celegans-edges", "connectomes/celegans", new ImportOptions { Part = "electrical" })) Assert.Equal((2698, 12683L), (c.EdgeCount, c.ContactCount));
    }

    [RealDataFact("connectomes/flyvis")]
    public void The_flys_visual_system_has_the_neurons_of_its_model()
    {
        using (var c = Import("flyvis", "connectomes/flyvis")) Assert.Equal((45669, 1357269), (c.NeuronCount, c.EdgeCount));
        using (var c = Import("flyvis", "connectomes/flyvis", new ImportOptions { GapSynapses = 1 }))
        {
            Assert.InRange(c.EdgeCount, 1_400_000, 1_520_000);
            Assert.Contains((sbyte)1, c.Signs.ToArray());
            Assert.Contains((sbyte)-1, c.Signs.ToArray());
        }
    }

    [RealDataFact("connectomes/synful")]
    public void The_partner_pairs_are_all_there()
    {
        using var c = Import("synful", "connectomes/synful");
        Assert.Equal((14779, 14779L), (c.Synapses.Count, c.ContactCount));
        Assert.Equal(new Site(175240, 153907, 487259), c.Synapses[c.Synapses.RowOf(1)].PreSite);
    }

    private Connectome Import(string kind, string path, ImportOptions? options = null) =>
        ImportKind.Of(kind).Read(new ImportSource(RealData.Require(path), _ => throw new NotSupportedException()), options ?? new()).Store(_scratch.At("out"));
}
