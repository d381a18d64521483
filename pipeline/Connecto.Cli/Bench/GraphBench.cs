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

    /// <summary>Processor seconds after which the peer's census is ended.</summary>
    public required double PeerSeconds { get; init; }

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
        void Add(string question, string graph, int threads, Cost cost, double? goal = null, string remark = "")
        {
            rows.Add(new GraphRow(
                question, graph, threads, cost.Seconds, cost.CpuSeconds, goal, goal is null ? null : cost.Seconds <= goal, remark));
            add(rows[^1]);
        }

        var (c, made) = Timed(() => SyntheticConnectome.Generate(options.Graph));
        var name = Name(c);
        Add("generate", name, 1, made);
        Queries(c, name, Add);
        Statistics(c, name, Add);
        foreach (var threads in new[] { 1, options.Threads }.Distinct())
            Add("triad census, exact", name, threads, Timed(() => TriadCensus.Of(c, threads, cancellation)).Cost);
        var peer = options.PeerEdges == 0 ? null : Peer(options, c, Add, cancellation);
        return new GraphReport(rows, peer, c.NeuronCount, c.EdgeCount, c.ContactCount, options.Graph.Seed, options.Threads);
    }

    private readonly record struct Cost(double Seconds, double? CpuSeconds);

    private delegate void AddRow(string question, string graph, int threads, Cost cost, double? goal = null, string remark = "");

    private static void Queries(Connectome c, string name, AddRow add)
    {
        var random = new Random(1);
        int[] some = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(c.NeuronCount))];
        var hub = Enumerable.Range(0, c.NeuronCount).MaxBy(n => c.Degree(n, Direction.In));
        foreach (var neuron in some) PartnerQuery.Of(c, [neuron], Direction.Out);
        Many("partners of a neuron", some.Length, 1e-3, i => PartnerQuery.Of(c, [some[i]], Direction.In));
        Many($"partners of the largest hub ({c.Degree(hub, Direction.In)})", 21, 1e-3, _ => PartnerQuery.Of(c, [hub], Direction.In));
        var (finder, prepared) = Timed(() => new PathFinder(c));
        add("paths: preparing", name, 1, prepared);
        Many("strongest path", 51, 0.1, i => finder.Strongest([some[i]], [some[i + 100]]));
        Many("widest path", 51, null, i => finder.Widest([some[i]], [some[i + 100]]));
        Many("shortest path", 51, null, i => finder.Shortest([some[i]], [some[i + 100]]));

        void Many(string question, int times, double? goal, Func<int, object?> ask)
        {
            ask(0);
            var seconds = new double[times];
            var (_, all) = Timed(() =>
            {
                for (var i = 0; i < times; i++) seconds[i] = Timed(() => ask(i)).Cost.Seconds;
                return times;
            });
            Array.Sort(seconds);
            add($"{question}, median", name, 1, new Cost(seconds[times / 2], all.CpuSeconds / times), goal,
                FormattableString.Invariant($"of {times}, the slowest {1e3 * seconds[^1]:0.###} ms"));
        }
    }

    private static void Statistics(Connectome c, string name, AddRow add)
    {
        var (s, cost) = Timed(() => ConnectomeStatistics.Of(c));
        add("degree and reciprocity statistics", name, 1, cost, 2, $"{s.ReciprocalEdges} reciprocal, {s.StrongComponents} strong components");
        add("k-cores", name, 1, Timed(() => CoreNumbers.Of(c)).Cost);
        add("PageRank", name, 1, Timed(() => PageRank.Of(c)).Cost);
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
        var (ours, cost) = Timed(() => TriadCensus.Of(c, 1, cancellation));
        var seconds = cost.Seconds;
        add("triad census, exact", Name(c), 1, cost);
        var peer = GraphPeer.Census(c, options.Python, options.PeerSeconds, cancellation);
        if (peer.GivenUpAfter is { } spent)
        {
            add($"triad census, {peer.Name}", Name(c), 1, new Cost(spent, spent), remark: "ended by the limit, without counts");
            return new GraphPeerResult(peer.Name, Name(c), seconds, null, null, null, FormattableString.Invariant(
                $"{peer.Name} had not ended its census of {Name(c)} after {spent:0} s of processor time, {spent / cost.CpuSeconds:0} times ours."))
            {
                CpuSpeedupAtLeast = spent / cost.CpuSeconds,
            };
        }
        if (peer.Seconds is not { } theirs)
            return new GraphPeerResult(peer.Name, Name(c), seconds, null, null, null, peer.Missing);
        var agrees = peer.Counts!.SequenceEqual(ours.Counts);
        add($"triad census, {peer.Name}", Name(c), 1, new Cost(theirs, peer.CpuSeconds), remark: agrees ? "the same counts" : "OTHER COUNTS");
        return new GraphPeerResult(peer.Name, Name(c), seconds, theirs, theirs / seconds, agrees, null) { CpuSpeedup = peer.CpuSeconds / cost.CpuSeconds };
    }

    private static string Name(Connectome c) => $"{c.NeuronCount} neurons, {c.EdgeCount} edges";

    private static (T Result, Cost Cost) Timed<T>(Func<T> work)
    {
        var before = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var result = work();
        return (result, new Cost(clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds));
    }
}
