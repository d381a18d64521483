using System.Runtime.InteropServices;

namespace Connecto.Benchmarks;

/// <summary>ONNX Runtime's library, a peer of networks, called through the table of functions of its C API
/// (onnxruntime_c_api.h); the places in the table are fixed since version 1 of the API.</summary>
/// <remarks>It is never needed: where it is absent, benchmarks leave its rows out and tests skip. Loaded once a process
/// and never unloaded, since its threads outlive sessions.</remarks>
internal sealed unsafe class OrtLibrary
{
    /// <summary>The environment variable that names the library's file.</summary>
    public const string Variable = "CONNECTO_ONNXRUNTIME";

    /// <summary>How to get it.</summary>
    public const string Advice =
        "There are no rows of ONNX Runtime: get it with `npm install --prefix ~/.cache/connecto/peers --ignore-scripts onnxruntime-node@1.30.0`, or name its library in " + Variable + ".";

    private const uint Version = 1;
    private const int ErrorsOnly = 3;

    private static readonly Lazy<OrtLibrary?> Loaded = new(Load);

    private readonly nint* table;

    private OrtLibrary(nint library)
    {
        var entry = (delegate* unmanaged<OrtApiBase*>)NativeLibrary.GetExport(library, "OrtGetApiBase");
        var api = entry();
        Name = $"ONNX Runtime {Marshal.PtrToStringUTF8((nint)api->GetVersionString())}";
        table = api->GetApi(Version);
        nint environment;
        fixed (byte* name = "connecto"u8)
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)table[(int)OrtFunction.CreateEnv])(ErrorsOnly, name, &environment));
        Environment = environment;
    }

    /// <summary>The library; null where it is not installed.</summary>
    public static OrtLibrary? Installed => Loaded.Value;

    /// <summary>Name and version.</summary>
    public string Name { get; }

    /// <summary>What sessions are made in.</summary>
    public nint Environment { get; }

    /// <summary>A function of the table.</summary>
    public nint this[OrtFunction function] => table[(int)function];

    /// <summary>Throws what a status says; null is success.</summary>
    public void Check(nint status)
    {
        if (status == 0) return;
        var text = ((delegate* unmanaged<nint, byte*>)table[(int)OrtFunction.GetErrorMessage])(status);
        var message = Marshal.PtrToStringUTF8((nint)text);
        ((delegate* unmanaged<nint, void>)table[(int)OrtFunction.ReleaseStatus])(status);
        throw new InvalidOperationException($"ONNX Runtime failed: {message}");
    }

    private static OrtLibrary? Load()
    {
        foreach (var file in Candidates())
            if (NativeLibrary.TryLoad(file, out var library))
                return new OrtLibrary(library);
        return null;
    }

    private static IEnumerable<string> Candidates()
    {
        var named = System.Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            yield return named;
            yield break; // a name that leads nowhere means: without it
        }
        var (system, file) = OperatingSystem.IsWindows() ? ("win32", "onnxruntime.dll")
            : OperatingSystem.IsMacOS() ? ("darwin", "libonnxruntime.*.dylib") : ("linux", "libonnxruntime.so.1");
        var cpu = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        var package = Path.Combine(PeerBuild.CacheFolder(), "node_modules", "onnxruntime-node", "bin");
        if (Directory.Exists(package))
            foreach (var folder in Directory.GetDirectories(package, "napi-v*").OrderDescending())
                if (Path.Combine(folder, system, cpu) is var place && Directory.Exists(place))
                    foreach (var found in Directory.GetFiles(place, file).Order()) yield return found;
        if (!file.Contains('*')) yield return file;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct OrtApiBase
    {
        public delegate* unmanaged<uint, nint*> GetApi;
        public delegate* unmanaged<byte*> GetVersionString;
    }
}

/// <summary>Places in the table of functions.</summary>
internal enum OrtFunction
{
    GetErrorMessage = 2,
    CreateEnv = 3,
    CreateSessionFromArray = 8,
    Run = 9,
    CreateSessionOptions = 10,
    SetSessionGraphOptimizationLevel = 23,
    SetIntraOpNumThreads = 24,
    SetInterOpNumThreads = 25,
    CreateTensorWithDataAsOrtValue = 49,
    CreateCpuMemoryInfo = 69,
    ReleaseStatus = 93,
    ReleaseMemoryInfo = 94,
    ReleaseSession = 95,
    ReleaseValue = 96,
    ReleaseSessionOptions = 100,
}
