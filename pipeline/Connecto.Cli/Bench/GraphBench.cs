using System.Diagnostics;
using Connecto.Graph;

namespace Connecto.Cli.Bench;

/// <summary>What a timed set of questions to a graph is made of.</summary>
internal sealed record GraphBenchOptions
{
    /// <summary>The graph.</summary>
    public required SyntheticOptions Graph { get; init; }

    /// <summary>Edges of the graph that the peer sees: the whole graph's, or a smaller graph's of the same mean degree; 0 for no peer.</summary>
    public required int PeerEdges { get; init; }

    /// <summary>The Python that has the peer.</summary>
    public required string Python { get; init; }

    /// <summary>The most threads of what has several.</summary>
    public required int Threads { get; init; }
}

/// <summary>Times questions to a synthetic connectome of a brain's size, and the triad census beside igraph's or NetworkX's on one
/// graph, whose counts must agree.</summary>
internal static class GraphBench
{
    public static GraphReport Run(GraphBenchOptions options, Action<GraphRow> add, CancellationToken cancellation)
    {
        var rows = new List<GraphRow>();
        void Add(string question, string graph, int threads, double seconds, double? goal = null, string remark = "")
        {
            rows.Add(new GraphRow(question, graph, threads, seconds, goal, goal is null ? null : seconds <= goal, remark));
            add(rows[^1]);
        }

        var (c, made) = Timed(() => SyntheticConnectome.Generate(options.Graph));
        var name = Name(c);
        Add("generate", name, 1, made);
        Queries(c, name, Add);
        Statistics(c, name, Add);
        foreach (var threads in new[] { 1, options.Threads }.Distinct())
            Add("triad census, exact", name, threads, Timed(() => TriadCensus.Of(c, threads, cancellation)).Seconds);
        var peer = options.PeerEdges == 0 ? null : Peer(options, c, Add, cancellation);
        return new GraphReport(rows, peer, c.NeuronCount, c.EdgeCount, c.ContactCount, options.Graph.Seed, options.Threads);
    }

    private delegate void AddRow(string question, string graph, int threads, double seconds, double? goal = null, string remark = "");

    private static void Queries(Connectome c, string name, AddRow add)
    {
        var random = new Random(1);
        int[] some = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(c.NeuronCount))];
        var hub = Enumerable.Range(0, c.NeuronCount).MaxBy(n => c.Degree(n, Direction.In));
        foreach (var neuron in some) PartnerQuery.Of(c, [neuron], Direction.Out);
        double[] times = [.. some.Select(n => Timed(() => PartnerQuery.Of(c, [n], Direction.In)).Seconds).Order()];
        add("partners of a neuron, median", name, 1, times[times.Length / 2], 1e-3, "of 1000");
        add("partners of a neuron, slowest", name, 1, times[^1], 1e-3, "of 1000");
        add("partners of the largest hub", name, 1, Timed(() => PartnerQuery.Of(c, [hub], Direction.In)).Seconds, 1e-3, $"{c.Degree(hub, Direction.In)} partners");
        var (finder, prepared) = Timed(() => new PathFinder(c));
        add("paths: preparing", name, 1, prepared);
        (int, int)[] pairs = [.. Enumerable.Range(0, 51).Select(i => (some[i], some[i + 100]))];
        Ways("strongest path", (a, b) => finder.Strongest([a], [b]));
        Ways("widest path", (a, b) => finder.Widest([a], [b]));
        Ways("shortest path", (a, b) => finder.Shortest([a], [b]));

        void Ways(string question, Func<int, int, NeuronPath?> search)
        {
            search(pairs[0].Item1, pairs[0].Item2);
            double[] all = [.. pairs.Select(p => Timed(() => search(p.Item1, p.Item2)).Seconds).Order()];
            add($"{question}, median", name, 1, all[all.Length / 2], 0.1, $"of {all.Length}");
            add($"{question}, slowest", name, 1, all[^1], 0.1, $"of {all.Length}");
        }
    }

    private static void Statistics(Connectome c, string name, AddRow add)
    {
        var (s, seconds) = Timed(() => ConnectomeStatistics.Of(c));
        add("degree and reciprocity statistics", name, 1, seconds, 2, $"{s.ReciprocalEdges} reciprocal, {s.StrongComponents} strong components");
        add("k-cores", name, 1, Timed(() => CoreNumbers.Of(c)).Seconds);
        add("PageRank", name, 1, Timed(() => PageRank.Of(c)).Seconds);
    }

    private static GraphPeerResult Peer(GraphBenchOptions options, Connectome whole, AddRow add, CancellationToken cancellation)
    {
        var share = Math.Min(1, options.PeerEdges / (double)options.Graph.Edges);
        var c = share == 1 ? whole : SyntheticConnectome.Generate(options.Graph with
        {
            Neurons = (int)(options.Graph.Neurons * share),
            Edges = options.PeerEdges,
        });
        TriadCensus.Of(c, 1, cancellation);
        var (ours, seconds) = Timed(() => TriadCensus.Of(c, 1, cancellation));
        add("triad census, exact", Name(c), 1, seconds);
        var peer = GraphPeer.Census(c, options.Python, cancellation);
        if (peer.Seconds is not { } theirs)
            return new GraphPeerResult(peer.Name, Name(c), seconds, null, null, null, peer.Missing);
        var agrees = peer.Counts!.SequenceEqual(ours.Counts);
        add($"triad census, {peer.Name}", Name(c), 1, theirs, remark: agrees ? "the same counts" : "OTHER COUNTS");
        return new GraphPeerResult(peer.Name, Name(c), seconds, theirs, theirs / seconds, agrees, null);
    }

    private static string Name(Connectome c) => $"{c.NeuronCount} neurons, {c.EdgeCount} edges";

    private static (T Result, double Seconds) Timed<T>(Func<T> work)
    {
        var clock = Stopwatch.StartNew();
        var result = work();
        return (result, clock.Elapsed.TotalSeconds);
    }
}
