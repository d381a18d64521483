using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Connecto.Testing;

namespace Connecto.Cli.Tests;

/// <summary>The main job from slices to a network that runs, on the shipped sample and on public data.</summary>
public sealed class MainJobTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-run-").FullName;

    private static string Phantom { get; } = Path.Combine(Root(), "data-samples", "phantom");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task One_command_makes_every_artefact_and_a_second_one_keeps_them()
    {
        var output = Path.Combine(_root, "out");
        Assert.Equal(0, (await CommandRun.Of("run", Phantom, "--sections", "0-9", "--out", output)).Code);
        foreach (var artefact in new[]
        {
            "image/info", "affinities/info", "fragments/info", "segmentation/info", "synapses/synapses.csv",
            "tables/neurons.parquet", "tables/synapses.parquet", "tables/connections.parquet", "network/network.safetensors",
            "network/network.json", "network/recurrent.npz", "network/rates.npy", "report.html", "run.json",
        })
            Assert.True(File.Exists(Path.Combine(output, artefact)), artefact);

        var first = Digest(output);
        var (code, _, error) = await CommandRun.Of("run", Phantom, "--sections", "0-9", "--out", output);
        Assert.Equal(0, code);
        Assert.Equal(7, error.Split('\n').Count(l => l.Contains("kept")));
        Assert.Equal(first, Digest(output));

        (code, _, error) = await CommandRun.Of("run", Phantom, "--sections", "0-9", "--steps", "7", "--out", output);
        Assert.Equal(0, code);
        Assert.Equal(6, error.Split('\n').Count(l => l.Contains("kept")));
        Assert.Contains("network: begun", error);
    }

    [Fact]
    public async Task The_same_bits_at_any_thread_count()
    {
        var (one, two) = (Path.Combine(_root, "one"), Path.Combine(_root, "two"));
        Assert.Equal(0, (await CommandRun.Of("run", Phantom, "--sections", "0-5", "--threads", "1", "--out", one)).Code);
        Assert.Equal(0, (await CommandRun.Of("run", Phantom, "--sections", "0-5", "--threads", "3", "--out", two)).Code);
        Assert.Equal(Digest(one), Digest(two));
    }

    [Fact]
    public async Task An_interrupt_stops_cleanly_and_a_rerun_gives_the_same_bits()
    {
        if (OperatingSystem.IsWindows()) return;
        var (stopped, whole) = (Path.Combine(_root, "stopped"), Path.Combine(_root, "whole"));
        // The shell gives the program back the default action of SIGINT, which test runners may have taken from it.
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("set -m; \"$0\" run \"$1\" --out \"$2\" & sleep 1.2; kill -INT $!; wait $!");
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "connecto"), Phantom, stopped])
            start.ArgumentList.Add(argument);
        using (var process = Process.Start(start)!)
        {
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode is 130 or 0, $"{process.ExitCode}: {await process.StandardError.ReadToEndAsync()}");
        }
        Assert.Equal(0, (await CommandRun.Of("run", Phantom, "--out", stopped)).Code);
        Assert.Equal(0, (await CommandRun.Of("run", Phantom, "--out", whole)).Code);
        Assert.Equal(Digest(whole), Digest(stopped));
    }

    [Fact]
    public async Task Queries_of_a_run_answer_in_json()
    {
        var output = Path.Combine(_root, "out");
        Assert.Equal(0, (await CommandRun.Of("run", Phantom, "--sections", "0-9", "--out", output)).Code);
        string[][] commands =
        [
            ["stats", output, "--json"],
            ["simulate", output, "--steps", "5", "--json"],
            ["partners", output, "*", "--json"],
            ["why", output, "--from", "*", "--to", "*", "--json"],
            ["sql", "SELECT count(*) AS n FROM synapses", output, "--json"],
            ["evaluate", "segmentation", "--result", output, "--truth", Path.Combine(Phantom, "neurons"), "--sections", "0-9", "--json"],
            ["evaluate", "synapses", "--result", output, "--truth", Phantom, "--json"],
        ];
        foreach (var command in commands)
        {
            var (code, said, error) = await CommandRun.Of(command);
            Assert.True(code == 0, string.Join(' ', command) + error);
            using var json = JsonDocument.Parse(said);
            Assert.Equal(JsonValueKind.Object, json.RootElement.ValueKind);
        }
        Assert.Equal(0, (await CommandRun.Of("report", output, "--png")).Code);
        Assert.True(Directory.GetFiles(Path.Combine(output, "pictures"), "*.png").Length >= 9);
    }

    /// <summary>Reads by the Neuroglancer precomputed specification alone: chunk names, gzip for labels, and for raw chunks the size
    /// (github.com/google/neuroglancer, src/datasource/precomputed/volume.md).</summary>
    [Fact]
    public async Task Volumes_follow_the_precomputed_specification()
    {
        var output = Path.Combine(_root, "out");
        Assert.Equal(0, (await CommandRun.Of("run", Phantom, "--sections", "0-17", "--out", output)).Code);
        foreach (var volume in new[] { "image", "affinities", "fragments", "segmentation" })
        {
            using var info = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, volume, "info")));
            var root = info.RootElement;
            Assert.Equal("neuroglancer_multiscale_volume", root.GetProperty("@type").GetString());
            var channels = root.GetProperty("num_channels").GetInt32();
            var bytes = root.GetProperty("data_type").GetString() == "uint8" ? 1 : 8;
            foreach (var scale in root.GetProperty("scales").EnumerateArray())
            {
                var size = Numbers(scale.GetProperty("size"));
                var chunk = Numbers(scale.GetProperty("chunk_sizes")[0]);
                var offset = scale.TryGetProperty("voxel_offset", out var o) ? Numbers(o) : [0, 0, 0];
                var found = Directory.GetFiles(Path.Combine(output, volume, scale.GetProperty("key").GetString()!)).Length;
                var expected = 0;
                for (var x = 0; x < size[0]; x += chunk[0])
                    for (var y = 0; y < size[1]; y += chunk[1])
                        for (var z = 0; z < size[2]; z += chunk[2], expected++)
                        {
                            int[] begin = [offset[0] + x, offset[1] + y, offset[2] + z];
                            int[] end = [.. Enumerable.Range(0, 3).Select(d => offset[d] + Math.Min(size[d], begin[d] - offset[d] + chunk[d]))];
                            var name = string.Join('_', Enumerable.Range(0, 3).Select(d => $"{begin[d]}-{end[d]}"));
                            var path = Path.Combine(output, volume, scale.GetProperty("key").GetString()!, name);
                            var raw = scale.GetProperty("encoding").GetString() == "raw";
                            using var file = File.OpenRead(raw ? path : path + ".gz");
                            using Stream gzip = raw ? file : new GZipStream(file, CompressionMode.Decompress);
                            using var memory = new MemoryStream();
                            gzip.CopyTo(memory);
                            if (raw)
                                Assert.Equal((long)channels * bytes * Enumerable.Range(0, 3).Aggregate(1, (n, d) => n * (end[d] - begin[d])), memory.Length);
                        }
                Assert.Equal(expected, found);
            }
        }
    }

    [RealDataFact("isbi2012/raw")]
    public async Task Twenty_sections_of_512_by_512_take_less_than_a_minute()
    {
        var clock = Stopwatch.StartNew();
        var (code, _, error) = await CommandRun.Of("run", RealData.Require("isbi2012/raw"), "--voxel-size", "50,4,4", "--out", Path.Combine(_root, "isbi"));
        Assert.True(code == 0, error);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"{clock.Elapsed}");
    }

    [RealDataFact("vnc/stack2/raw")]
    public async Task Tiff_slices_of_a_real_stack_become_a_network() =>
        await RunsOn("vnc/stack2/raw", "45,4.6,4.6", "0-2");

    [RealDataFact("fib25/train/raw")]
    public async Task Isotropic_slices_become_a_network() => await RunsOn("fib25/train/raw", "10,10,10", "0-15");

    private async Task RunsOn(string stack, string voxelSize, string sections)
    {
        var output = Path.Combine(_root, "real");
        var (code, _, error) = await CommandRun.Of(
            "run", RealData.Require(stack), "--voxel-size", voxelSize, "--sections", sections, "--out", output);
        Assert.True(code == 0, error);
        Assert.True(File.Exists(Path.Combine(output, "network", "network.safetensors")));
    }

    /// <summary>Every file of a run but those that tell the time.</summary>
    private static SortedDictionary<string, string> Digest(string output)
    {
        var digest = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories))
        {
            var name = Path.GetRelativePath(output, file);
            if (name is "run.json" or "report.html" || name.EndsWith("rates.json", StringComparison.Ordinal)) continue;
            digest[name] = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));
        }
        return digest;
    }

    private static int[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetInt32())];

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Connecto.sln"))) directory = directory.Parent;
        return directory.FullName;
    }
}
