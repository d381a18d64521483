using System.Text;

namespace Connecto.Graph;

/// <summary>Writes text files whole or not at all: under a temporary name beside the file, flushed, renamed.</summary>
internal static class WholeFile
{
    public static void Write(string path, Action<TextWriter> write)
    {
        var partial = path + ".tmp";
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            using (var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16) { NewLine = "\n" })
            {
                write(writer);
                writer.Flush();
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
