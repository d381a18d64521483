using Connecto.Graph;
using Connecto.Pipeline;
using Connecto.Viewer;
using Connecto.Volumes;

namespace Connecto.Cli.Report;

/// <summary>A picture a stage, of what a run's directory holds so far.</summary>
internal static class RunPictures
{
    /// <summary>Draws them, each with its file name, in the order of the stages; absent stages are left out.</summary>
    public static IReadOnlyList<(string Name, Picture Picture)> Draw(RunDirectory run)
    {
        var pictures = new List<(string, Picture)>();
        if (!Directory.Exists(run.Image))
            throw new InvalidDataException($"'{run.Root}' has no image yet; run `connecto run` or `connecto ingest` first.");
        var window = RunWindow.Of(run);
        var view = new SliceView(window.Read<byte>(run.Image), window.VoxelSize, window.Middle) { Origin = window.Box.Begin };
        pictures.Add(("1-slice", SlicePicture.Draw(view)));

        var affinities = Directory.Exists(run.Affinities) ? window.Read<byte>(run.Affinities) : null;
        if (affinities is not null) pictures.Add(("2-affinities", AffinityPicture.Draw(view, affinities)));
        if (Directory.Exists(run.Fragments))
            pictures.Add(("3-fragments", LabelPicture.Draw(view, window.Read<ulong>(run.Fragments),
                new LabelPictureOptions { Title = "Fragments", Noun = "fragment" })));
        Volume<ulong>? segments = null;
        if (Directory.Exists(run.Segmentation))
        {
            segments = window.Read<ulong>(run.Segmentation);
            pictures.Add(("4-neurons", LabelPicture.Draw(view, segments, new LabelPictureOptions { Title = "Neurons", Noun = "neuron" })));
            pictures.Add(("5-neurons-through-z", ReslicePicture.Draw(view, segments,
                new ReslicePictureOptions { Title = "Neurons through the sections" })));
        }
        if (Directory.Exists(run.Tables))
        {
            var connectome = ConnectomeSource.Open(run.Root).Connectome;
            pictures.Add(("6-synapses", SynapsePicture.Draw(BusiestSection(view, window, connectome), [.. connectome.Synapses.Rows()],
                new SynapsePictureOptions { Segments = segments, Clefts = affinities, CleftChannel = 3 })));
            AddGraph(pictures, connectome);
        }
        if (RunRates.Find(run) is { } rates)
            pictures.Add(("9-rates", RasterPicture.Draw(rates.ByNeuron, rates.Neurons, rates.Steps,
                new RasterPictureOptions { Title = "Run of the network", TimeUnit = "ms", StepLength = rates.StepMs })));
        return pictures;
    }

    /// <summary>The section of the window with most clefts, so that the picture has something to show.</summary>
    private static SliceView BusiestSection(SliceView view, RunWindow window, Connectome connectome)
    {
        var counts = new int[window.Box.Shape.Z];
        foreach (var synapse in connectome.Synapses.Rows())
        {
            var z = (int)(synapse.Cleft.Z / window.VoxelSize.Z) - window.Box.Begin.Z;
            if (z >= 0 && z < counts.Length) counts[z]++;
        }
        var busiest = Array.IndexOf(counts, counts.Max());
        return counts[busiest] == 0 ? view : view with { Section = busiest };
    }

    private static void AddGraph(List<(string, Picture)> pictures, Connectome connectome)
    {
        var pairs = Enumerable.Range(0, connectome.EdgeCount).Select(e => connectome[e]).ToArray();
        var (connected, place) = Connected(connectome, pairs);
        pictures.Add(("7-connectivity", AdjacencyPicture.Draw(connected.Length,
            pairs.Select(e => new NeuronPair(place[e.Post], place[e.Pre], e.Contacts)),
            new AdjacencyPictureOptions { Title = "Who contacts whom" })));
        var statistics = ConnectomeStatistics.Of(connectome);
        pictures.Add(("8-distributions", DistributionPicture.Draw([
            new("Contacts a pair", "contacts", "pairs", Values(statistics.ContactsPerPair)),
            new("Partners a neuron, in", "partners", "neurons", Values(statistics.PartnersIn)),
            new("Partners a neuron, out", "partners", "neurons", Values(statistics.PartnersOut)),
        ], "Multi-contact connections")));
    }

    /// <summary>The neurons that have a partner, those with most contacts first, and the place of each.</summary>
    private static (int[] Neurons, int[] Place) Connected(Connectome connectome, Edge[] pairs)
    {
        var weight = new long[connectome.Neurons.Length];
        foreach (var edge in pairs)
        {
            weight[edge.Pre] += edge.Contacts;
            weight[edge.Post] += edge.Contacts;
        }
        var neurons = Enumerable.Range(0, weight.Length).Where(i => weight[i] > 0).OrderByDescending(i => weight[i]).ThenBy(i => i).ToArray();
        var place = new int[weight.Length];
        for (var i = 0; i < neurons.Length; i++) place[neurons[i]] = i;
        return (neurons, place);
    }

    private static long[] Values(Graph.Distribution distribution) =>
        [.. distribution.Histogram.SelectMany(h => Enumerable.Repeat(h.Value, (int)h.Count))];
}
