namespace Connecto.Sparse;

/// <summary>Writes a file so that at any moment its name means the whole old file or the whole new one.</summary>
internal static class FileReplacement
{
    /// <summary>Writes under a temporary name in the same folder, flushes to disk, renames. On failure the old file
    /// stays and the temporary one is removed.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
