using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;

namespace Connecto.Graph;

/// <summary>The memory maps of a stored connectome's columns. Nothing is unmapped before it is disposed, not even when it is
/// forgotten: a span may outlive the connectome that it came from.</summary>
internal sealed unsafe class ColumnMap(string directory) : IDisposable
{
    private readonly List<(MemoryMappedViewAccessor View, ColumnEntry Entry, long Bytes)> _views = [];

    /// <summary>Maps a column after its header was compared with the document.</summary>
    /// <exception cref="InvalidDataException">The file is missing, cut short, or not the one that was stored.</exception>
    public Column<T> Map<T>(ColumnEntry entry) where T : unmanaged
    {
        var path = Path.Combine(directory, entry.File);
        if (!File.Exists(path))
            throw new InvalidDataException($"The column {path} is missing; import or build the connectome again. Nothing was opened.");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        Span<byte> bytes = stackalloc byte[ColumnHeader.Bytes];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var header = ColumnHeader.Read(bytes[..read], path);
        if (header.Kind != ColumnHeader.KindOf<T>() || header.Count != entry.Count || header.Checksum != entry.ChecksumValue)
            throw new InvalidDataException(
                $"{path} holds {header.Count} values of {ColumnHeader.NameOf(header.Kind)} that are not the {entry.Count} of " +
                $"{entry.Kind} stored with this connectome; import or build it again. Nothing was opened.");
        var length = header.Count * Unsafe.SizeOf<T>();
        if (header.Count > int.MaxValue || file.Length != ColumnHeader.Bytes + length)
            throw new InvalidDataException(
                $"{path} has {file.Length} bytes; its header says {ColumnHeader.Bytes + length}. It was cut short or grew; import or " +
                "build the connectome again. Nothing was opened.");
        using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        var view = map.CreateViewAccessor(0, file.Length, MemoryMappedFileAccess.Read);
        _views.Add((view, entry, length));
        return new Column<T>((T*)Data(view), (int)header.Count);
    }

    /// <summary>Compares the values of columns with their checksums, on all processors.</summary>
    /// <exception cref="InvalidDataException">A column is damaged.</exception>
    public void Check(Func<ColumnEntry, bool> which)
    {
        var chosen = _views.Where(v => which(v.Entry)).OrderByDescending(v => v.Bytes).ToArray();
        var damaged = new bool[chosen.Length];
        Parallel.For(0, chosen.Length, i => damaged[i] = ChecksumOf(chosen[i].View, chosen[i].Bytes) != chosen[i].Entry.ChecksumValue);
        if (Array.IndexOf(damaged, true) is >= 0 and var at)
            throw new InvalidDataException(
                $"The values of {Path.Combine(directory, chosen[at].Entry.File)} do not match their checksum: the file is damaged; import or " +
                "build the connectome again. Nothing was opened.");
    }

    public void Dispose()
    {
        foreach (var (view, _, _) in _views)
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
        }
        _views.Clear();
    }

    // The pointer is taken for good: it counts as a use of the handle, so that no finaliser unmaps it.
    private static byte* Data(MemoryMappedViewAccessor view)
    {
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        return pointer + view.PointerOffset + ColumnHeader.Bytes;
    }

    private static ulong ChecksumOf(MemoryMappedViewAccessor view, long bytes)
    {
        var data = Data(view);
        try
        {
            var hash = new XxHash64();
            for (long at = 0; at < bytes; at += 1 << 22)
                hash.Add(new ReadOnlySpan<byte>(data + at, (int)Math.Min(1 << 22, bytes - at)));
            return hash.Value;
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
