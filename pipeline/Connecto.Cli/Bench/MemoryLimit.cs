using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Connecto.Cli.Bench;

/// <summary>A group of processes with a limit of memory, page cache included, where the system lets us make one: a Linux control group,
/// version 2 or 1.</summary>
internal sealed partial class MemoryLimit : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private readonly string _folder, _peak, _limit;

    private MemoryLimit(string folder, string limit, string peak) => (_folder, _limit, _peak) = (folder, limit, peak);

    /// <summary>Version 1 or 2.</summary>
    public int Version => _limit == "memory.max" ? 2 : 1;

    /// <summary>Where a process enters by writing its number.</summary>
    public string Entrance => Path.Combine(_folder, "cgroup.procs");

    /// <summary>The most that the group held, page cache included; null where the system does not tell.</summary>
    public long? Peak => File.Exists(Path.Combine(_folder, _peak))
        && long.TryParse(File.ReadAllText(Path.Combine(_folder, _peak)).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

    /// <summary>Makes a group, or returns null where that is not allowed.</summary>
    public static MemoryLimit? TryCreate(long bytes)
    {
        foreach (var (parent, limit, peak) in ((string, string, string)[])
            [(Root, "memory.max", "memory.peak"), (Path.Combine(Root, "memory"), "memory.limit_in_bytes", "memory.max_usage_in_bytes")])
        {
            if (!File.Exists(Path.Combine(parent, "cgroup.procs"))) continue;
            var folder = Path.Combine(parent, $"connecto-{Environment.ProcessId}");
            try
            {
                Directory.CreateDirectory(folder);
                File.WriteAllText(Path.Combine(folder, limit), bytes.ToString(CultureInfo.InvariantCulture));
                return new MemoryLimit(folder, limit, peak);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (Directory.Exists(folder)) Remove(folder);
            }
        }
        return null;
    }

    /// <summary>Has the system drop what it keeps of a file in memory, so that reading it counts again; not on every system.</summary>
    public static void DropFromCache(string path)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var file = File.OpenHandle(path);
        _ = Advise(file, 0, 0, 4);
    }

    public void Dispose() => Remove(_folder);

    // A control group's files cannot be deleted, its folder can, once no process is in it.
    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (IOException)
        {
            // Somebody is still in it; it goes with the machine.
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
