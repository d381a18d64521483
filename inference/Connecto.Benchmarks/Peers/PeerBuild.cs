using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace Connecto.Benchmarks;

/// <summary>Builds the peers' libraries on the machine that measures them, once, into the user's cache.</summary>
/// <remarks>The sources are resources of this assembly. A built library is kept under a name that tells its source,
/// compiler and flags, so that it is built again when one of them changes. Where the compiler or a peer's headers
/// are missing there are no rows of that peer, and a sentence that says so.</remarks>
internal static class PeerBuild
{
    private static readonly string[] Flags =
        ["-std=c++17", "-O3", "-march=native", "-fopenmp", "-fvisibility=hidden", "-shared", "-fPIC"];

    private static readonly (string Library, string Source, string[] Links, string Package)[] Peers =
    [
        ("oneDNN", "onednn.cpp", ["-ldnnl"], "libdnnl-dev"),
        ("libxsmm", "libxsmm.cpp", ["-lxsmm", "-lxsmmnoblas", "-ldl", "-lpthread", "-lm"], "libxsmm-dev"),
    ];

    /// <summary>Every peer that can be had here.</summary>
    /// <param name="compiler">A C++ compiler's command.</param>
    /// <param name="missing">Is told, in a sentence, why a peer is left out.</param>
    public static List<PeerLibrary> Load(string compiler, Action<string> missing)
    {
        List<PeerLibrary> found = [];
        string version;
        try
        {
            version = Run(compiler, ["--version"]).Output;
        }
        catch (Win32Exception)
        {
            missing($"There are no rows of peers: the C++ compiler '{compiler}' that builds them is not there.");
            return found;
        }
        foreach (var peer in Peers)
            try
            {
                found.Add(new PeerLibrary(Build(compiler, version, peer.Source, peer.Links)));
            }
            catch (Exception e) when (e is PeerMissingException or DllNotFoundException or IOException
                or UnauthorizedAccessException)
            {
                var reason = e.Message.ReplaceLineEndings(" ").TrimEnd('.');
                missing($"There are no rows of {peer.Library} (Debian package {peer.Package}): {reason}.");
            }
        return found;
    }

    private static string Build(string compiler, string version, string source, string[] links)
    {
        var texts = new[] { "peer.h", source }.ToDictionary(name => name, Resource);
        // -march=native means another thing on another processor that shares this home.
        var told = string.Join('\n', [.. texts.Values, compiler, version, .. Flags, .. links, Processor()]);
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(told)))[..16];
        var folder = Directory.CreateDirectory(CacheFolder()).FullName;
        var library = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(source)}-{key}.so");
        if (File.Exists(library)) return library;

        var work = Directory.CreateTempSubdirectory("connecto-peer-");
        try
        {
            foreach (var (name, text) in texts) File.WriteAllText(Path.Combine(work.FullName, name), text);
            var built = library + $".{Environment.ProcessId}";
            var (code, output) = Run(compiler, [.. Flags, "-o", built, Path.Combine(work.FullName, source), .. links]);
            if (code != 0) throw new PeerMissingException(FirstError(output));
            File.Move(built, library, overwrite: true);
            return library;
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(PeerBuild).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    internal static string CacheFolder()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(cache) && home.Length > 0) cache = Path.Combine(home, ".cache");
        if (string.IsNullOrEmpty(cache)) cache = Directory.CreateTempSubdirectory("connecto-cache-").FullName;
        return Path.Combine(cache, "connecto", "peers");
    }

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("flags", StringComparison.Ordinal)) ?? ""
        : "";

    private static string FirstError(string output)
    {
        foreach (var line in output.Split('\n'))
            foreach (var sign in new[] { "error:", "cannot find" })
                if (line.IndexOf(sign, StringComparison.Ordinal) is var at and >= 0)
                    return $"the compiler says '{line[at..].Trim()}'";
        return "the compiler failed without a word";
    }

    private static (int Code, string Output) Run(string command, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    private sealed class PeerMissingException(string message) : Exception(message);
}
