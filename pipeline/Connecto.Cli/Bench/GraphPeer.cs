using System.Diagnostics;
using System.Text.Json;
using Connecto.Graph;

namespace Connecto.Cli.Bench;

/// <summary>The triad census of Python's igraph (a C library), or of NetworkX where that is not installed, in a process of its own. The
/// peer's clock runs for the census alone, not for reading the graph.</summary>
internal static class GraphPeer
{
    private const string Script = """
        import json, sys, time
        edges, neurons = sys.argv[1], int(sys.argv[2])
        try:
            import igraph
            graph = igraph.Graph.Read_Edgelist(edges, directed=True)
            graph.add_vertices(neurons - graph.vcount())
            begin, work = time.perf_counter(), time.process_time()
            census = graph.triad_census()
            seconds, work = time.perf_counter() - begin, time.process_time() - work
            name, census = "igraph " + igraph.__version__, [int(n) for n in census]
        except ImportError:
            import networkx
            graph = networkx.DiGraph()
            graph.add_nodes_from(range(neurons))
            with open(edges) as lines:
                graph.add_edges_from(tuple(map(int, line.split())) for line in lines)
            begin, work = time.perf_counter(), time.process_time()
            census = networkx.triadic_census(graph)
            seconds, work = time.perf_counter() - begin, time.process_time() - work
            order = "003 012 102 021D 021U 021C 111D 111U 030T 030C 201 120D 120U 120C 210 300".split()
            name, census = "NetworkX " + networkx.__version__, [census[kind] for kind in order]
        print(json.dumps({"name": name, "seconds": seconds, "work": work, "census": census}))
        """;

    public static (string Name, double? Seconds, double? CpuSeconds, long[]? Counts, string? Missing) Census(
        Connectome c, string python, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("connecto-peer-");
        try
        {
            var (script, edges) = (Path.Combine(folder.FullName, "census.py"), Path.Combine(folder.FullName, "edges.txt"));
            File.WriteAllText(script, Script);
            using (var writer = new StreamWriter(edges))
                for (var edge = 0; edge < c.EdgeCount; edge++)
                    writer.Write($"{c.Pre[edge]} {c.Post[edge]}\n");
            var start = new ProcessStartInfo(python, [script, edges, $"{c.NeuronCount}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            using var registration = cancellation.Register(() => process.Kill(entireProcessTree: true));
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            if (process.ExitCode != 0)
                return ("none", null, null, null, $"Neither igraph nor NetworkX answered (Debian python3-igraph): {LastLine(error.Result)}");
            var answer = JsonDocument.Parse(output).RootElement;
            return (answer.GetProperty("name").GetString()!, answer.GetProperty("seconds").GetDouble(), answer.GetProperty("work").GetDouble(),
                [.. answer.GetProperty("census").EnumerateArray().Select(n => n.GetInt64())], null);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return ("none", null, null, null, $"{python} cannot be started, so there is no peer.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string LastLine(string text) => text.Trim().Split('\n')[^1];
}
