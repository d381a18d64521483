namespace Connecto.Volumes;

/// <summary>Writes a file under a temporary name and renames it, so that nobody ever meets half of it.</summary>
/// <remarks>A killed process leaves whole files only. Against a loss of power the writer must flush to disk itself, which
/// costs milliseconds a file and is left to those that are worth it.</remarks>
internal static class AtomicFile
{
    /// <summary>Writes the file whole, replacing an older one; on failure the older one stays and the temporary one
    /// goes.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the contents.</param>
    public static void Write(string path, Action<FileStream> write)
    {
        var temporary = TemporaryName(path);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
                write(stream);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes the bytes as <see cref="Write(string, Action{FileStream})"/> does.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = TemporaryName(path);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0))
                stream.Write(bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    // The dot keeps a file left by a killed process out of every listing of slices and chunks.
    private static string TemporaryName(string path)
    {
        var full = Path.GetFullPath(path);
        return Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
    }
}
