using System.CommandLine;
using System.Globalization;
using Connecto.Cli.Bench;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli.Commands;

/// <summary>`connecto bench graph`: questions to a connectome of a brain's size, timed.</summary>
internal static class BenchGraphCommand
{
    private static readonly int[] Widths = [42, 31, 7, 11, 11, 8, 7];

    public static Command Create(Option<string?> json)
    {
        var defaults = new SyntheticOptions();
        var neurons = new Option<int?>("--neurons") { Description = $"Neurons of the synthetic graph. Default: {defaults.Neurons}, a fly's." };
        var edges = new Option<int?>("--edges") { Description = $"Its edges. Default: {defaults.Edges}." };
        var degrees = new Option<string?>("--degrees") { Description = "Table of published degrees that it is matched to (CSV). Default: log-normal." };
        var peer = new Option<int?>("--peer-edges")
        {
            Description = "Edges of the graph that igraph (Debian python3-igraph) or NetworkX sees: --edges for the same, fewer for a smaller one of " +
                "the same mean degree, 0 for none. Default: 100000, which igraph takes half a minute for.",
        };
        var limit = new Option<double?>("--peer-limit") { Description = "Processor seconds after which the peer's census is ended without an answer. Default: 120." };
        var python = new Option<string?>("--python") { Description = "Python that has the peer. Default: python3." };
        var seed = new Option<long?>("--seed") { Description = "Seed of the graph. Default: 1." };
        var threads = Choice.Threads();
        var command = new Command("graph",
            "Makes a random connectome of a given size, asks it for partners, paths, statistics and the triad census, and has igraph take the census " +
            "of the same graph in the same run; the counts must agree.\n\nExample:\n  connecto bench graph --neurons 2000 --edges 100000 --json graph.json")
        {
            neurons, edges, degrees, peer, limit, python, seed, threads, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var file = BenchCommand.Writable(parse.GetValue(json));
            var graph = defaults with
            {
                Neurons = Choice.AtLeast(parse, neurons, 1, defaults.Neurons),
                Edges = Choice.AtLeast(parse, edges, 0, defaults.Edges),
                Seed = (ulong)(parse.GetValue(seed) ?? 1),
                Degrees = parse.GetValue(degrees) is { } table ? DegreeTable.Read(table) : null,
            };
            if (graph.Edges > 0.1 * graph.Neurons * (graph.Neurons - 1.0))
                throw new InvalidDataException("--edges is more than a tenth of all ordered pairs of neurons; nothing was measured.");
            var seconds = parse.GetValue(limit) ?? 120;
            if (!(seconds > 0)) throw new InvalidDataException("--peer-limit must be more than 0 s; nothing was measured.");
            Line("question", "graph", "threads", "ms", "cpu ms", "goal", "reached", "");
            var report = GraphBench.Run(
                new GraphBenchOptions
                {
                    Graph = graph,
                    PeerEdges = Math.Min(graph.Edges, Choice.AtLeast(parse, peer, 0, 100_000)),
                    PeerSeconds = seconds,
                    Python = parse.GetValue(python) ?? "python3",
                    Threads = Choice.Threads(parse, threads),
                },
                row => Line(
                    row.Question, row.Graph, Text(row.Threads), Text(1e3 * row.Seconds), row.CpuSeconds is { } work ? Text(1e3 * work) : "",
                    row.Goal is { } goal ? Text(1e3 * goal) : "",
                    row.Reached switch { true => "yes", false => "no", _ => "" }, row.Remark),
                cancellation);
            if (report.Peer is { } beside)
                Console.Out.WriteLine(beside.Missing ?? string.Create(CultureInfo.InvariantCulture,
                    $"{beside.Peer} took {beside.Speedup:0.0} times as long for the census of the same graph ({beside.CpuSpeedup:0.0} times on its core); its counts {(beside.SameCounts == true ? "agree" : "DIFFER")}."));
            BenchCommand.Write(file, report);
            return Task.FromResult(report.Peer?.SameCounts == false ? 1 : 0);
        });
        return command;
    }

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static void Line(params string[] cells) => Console.Out.WriteLine(string.Join("  ",
        cells.Select((text, i) => i is 0 or 1 ? text.PadRight(Widths[i]) : i < Widths.Length ? text.PadLeft(Widths[i]) : text)).TrimEnd());
}
