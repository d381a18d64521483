using System.Diagnostics;
using System.Text.Json;
using Connecto.Graph;

namespace Connecto.Cli.Bench;

/// <summary>The triad census of Python's igraph (a C library), or of NetworkX where that is not installed, in a process of its own. The
/// peer's clock runs for the census alone, not for reading the graph; a census that takes too long is ended.</summary>
internal static class GraphPeer
{
    private const string Script = """
        import json, sys, time
        edges, neurons = sys.argv[1], int(sys.argv[2])
        try:
            import igraph
            graph = igraph.Graph.Read_Edgelist(edges, directed=True)
            graph.add_vertices(neurons - graph.vcount())
            name = "igraph " + igraph.__version__
            print(json.dumps({"name": name}), flush=True)
            begin, work = time.perf_counter(), time.process_time()
            census = graph.triad_census()
            seconds, work = time.perf_counter() - begin, time.process_time() - work
            census = [int(n) for n in census]
        except ImportError:
            import networkx
            graph = networkx.DiGraph()
            graph.add_nodes_from(range(neurons))
            with open(edges) as lines:
                graph.add_edges_from(tuple(map(int, line.split())) for line in lines)
            name = "NetworkX " + networkx.__version__
            print(json.dumps({"name": name}), flush=True)
            begin, work = time.perf_counter(), time.process_time()
            census = networkx.triadic_census(graph)
            seconds, work = time.perf_counter() - begin, time.process_time() - work
            order = "003 012 102 021D 021U 021C 111D 111U 030T 030C 201 120D 120U 120C 210 300".split()
            census = [census[kind] for kind in order]
        print(json.dumps({"seconds": seconds, "work": work, "census": census}))
        """;

    /// <param name="c">The graph.</param>
    /// <param name="python">The Python that has the peer.</param>
    /// <param name="limitSeconds">Processor time after which its census is ended.</param>
    /// <param name="cancellation">Ends it too.</param>
    public static GraphPeerAnswer Census(Connectome c, string python, double limitSeconds, CancellationToken cancellation)
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
            var answer = Listen(process, limitSeconds);
            cancellation.ThrowIfCancellationRequested();
            return answer;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return new() { Missing = $"{python} cannot be started, so there is no peer." };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static GraphPeerAnswer Listen(Process process, double limitSeconds)
    {
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        if (process.StandardOutput.ReadLine() is not { } begun)
        {
            process.WaitForExit();
            return new() { Missing = $"Neither igraph nor NetworkX answered (Debian python3-igraph): {LastLine(error.Result)}" };
        }
        var name = JsonDocument.Parse(begun).RootElement.GetProperty("name").GetString()!;
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var before = process.TotalProcessorTime.TotalSeconds;
        while (!process.WaitForExit(500))
        {
            var spent = process.TotalProcessorTime.TotalSeconds - before;
            if (spent < limitSeconds) continue;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return new() { Name = name, GivenUpAfter = spent };
        }
        if (process.ExitCode != 0) return new() { Name = name, Missing = $"{name} failed: {LastLine(error.Result)}" };
        var answer = JsonDocument.Parse(output.Result).RootElement;
        return new()
        {
            Name = name,
            Seconds = answer.GetProperty("seconds").GetDouble(),
            CpuSeconds = answer.GetProperty("work").GetDouble(),
            Counts = [.. answer.GetProperty("census").EnumerateArray().Select(n => n.GetInt64())],
        };
    }

    private static string LastLine(string text) => text.Trim().Split('\n')[^1];
}

/// <summary>What the peer said.</summary>
internal sealed record GraphPeerAnswer
{
    /// <summary>Its name and version.</summary>
    public string Name { get; init; } = "none";

    /// <summary>Time of its census; null where it did not end.</summary>
    public double? Seconds { get; init; }

    /// <summary>Processor time of its census.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>The 16 counts.</summary>
    public long[]? Counts { get; init; }

    /// <summary>Processor seconds after which it was ended without an answer.</summary>
    public double? GivenUpAfter { get; init; }

    /// <summary>Why there is no answer.</summary>
    public string? Missing { get; init; }
}
