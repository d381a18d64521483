using System.Diagnostics;
using System.Security.Cryptography;
using Connecto.Graph;

namespace Connecto.Cli.Tests;

/// <summary>The built program is killed (SIGKILL) in the middle of its work, at stages of it and at random moments: what stands under
/// the final name is whole or absent, and a rerun gives the bytes of a run that nobody disturbed.</summary>
public sealed class KilledImportTests : IDisposable
{
    private const int Rows = 80_000, Neurons = 4000;

    private readonly string _root = Directory.CreateTempSubdirectory("connecto-killed-").FullName;

    private string Table => Path.Combine(_root, "synapses.rows");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_killed_import_leaves_nothing_half_written_and_a_rerun_gives_the_same_bytes()
    {
        WriteTable();
        var clock = Stopwatch.StartNew();
        Whole("import", "synapses", Table, "--out", Path.Combine(_root, "reference"));
        var time = clock.Elapsed;
        var expected = Digest("reference");

        var killed = 0;
        var random = new Random(7);
        foreach (var stage in new[] { "connectome.partial/edges.pre.column", "connectome/connectome.json", "tables/synapses.parquet.tmp", null })
        {
            var moment = stage is null ? (Func<bool>)After(time * (0.3 + 0.6 * random.NextDouble())) : () => File.Exists(Path.Combine(_root, "out.partial", stage));
            if (Killed(moment, "import", "synapses", Table, "--out", Path.Combine(_root, "out"))) killed++;
            if (Directory.Exists(Path.Combine(_root, "out"))) Assert.Equal(expected, Digest("out"));
        }
        Assert.True(killed > 0, "Every run was over before it was killed.");
        Whole("import", "synapses", Table, "--out", Path.Combine(_root, "out"));
        Assert.Equal(expected, Digest("out"));
        Assert.Equal(["out", "reference", "synapses.rows"], Directory.GetFileSystemEntries(_root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_killed_import_over_an_earlier_one_leaves_the_earlier_one()
    {
        var edges = Path.Combine(_root, "edges.csv");
        File.WriteAllText(edges, "pre,post,contacts\n1,2,3\n");
        var target = Path.Combine(_root, "out");
        Whole("import", edges, "--out", target);
        var before = Digest("out");
        WriteTable();
        if (Killed(() => File.Exists(Path.Combine(_root, "out.partial", "connectome.partial", "pairs.scratch")), "import", "synapses", Table, "--out", target))
            Assert.Equal(before, Digest("out"));
        Whole("import", "synapses", Table, "--out", target);
        using var connectome = Connectome.Open(Path.Combine(target, "connectome"), ConnectomeCheck.All);
        Assert.Equal(Rows, connectome.Synapses.Count);
    }

    [Fact]
    public void A_killed_build_in_little_memory_is_not_taken_for_a_connectome()
    {
        string[] build = ["bench", "connectome", "--synapses", "0.15", "--neurons", "3000", "--memory-mib", "1", "--out"];
        Whole([.. build, Path.Combine(_root, "reference")]);
        var expected = Digest("reference/connectome");
        var out1 = Path.Combine(_root, "out");
        foreach (var file in (string[])["pairs.3.run", "edges.in-edges.column"])
        {
            Killed(() => File.Exists(Path.Combine(out1, "connectome.partial", file)), [.. build, out1]);
            if (Directory.Exists(Path.Combine(out1, "connectome"))) Assert.Equal(expected, Digest("out/connectome"));
            else Assert.Throws<DirectoryNotFoundException>(() => Connectome.Open(Path.Combine(out1, "connectome")));
            Assert.ThrowsAny<IOException>(() => Connectome.Open(Path.Combine(out1, "connectome.partial")));
            Directory.Delete(out1, recursive: true);
        }
        Whole([.. build, out1]);
        Assert.Equal(expected, Digest("out/connectome"));
    }

    private static Func<bool> After(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        return () => clock.Elapsed > time;
    }

    /// <summary>Runs the program until the moment comes; false where it was over before.</summary>
    private static bool Killed(Func<bool> moment, params string[] words)
    {
        using var process = Start(words);
        while (!process.HasExited && !moment()) Thread.Sleep(1);
        process.Kill();
        process.WaitForExit();
        return process.ExitCode != 0;
    }

    private static void Whole(params string[] words)
    {
        using var process = Start(words);
        var error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
    }

    private static Process Start(string[] words)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "connecto"), words)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private string Digest(string folder)
    {
        var path = Path.Combine(_root, folder);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            all.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetRelativePath(path, file)));
            all.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
        return Convert.ToHexString(all.GetHashAndReset());
    }

    private void WriteTable()
    {
        var random = new Random(1);
        SynapseRowFile.Write(Table, SynapseReader.Of(Enumerable.Range(1, Rows).Select(i => new Synapse(
            (ulong)i, (ulong)random.Next(1, Neurons), (ulong)random.Next(1, Neurons), new Site(i, random.Next(9999), 3), default, default,
            random.Next(1, 99), random.NextSingle(), 0)), SynapseFields.Cleft | SynapseFields.Size | SynapseFields.Score));
    }
}
