using System.IO.Compression;

namespace Connecto.Volumes.Precomputed;

/// <summary>A chunk's bytes packed with gzip, in memory that the thread keeps for the next chunk.</summary>
internal readonly ref struct PackedChunk
{
    [ThreadStatic]
    private static MemoryStream? kept;

    private readonly MemoryStream stream;

    public PackedChunk(ReadOnlySpan<byte> bytes)
    {
        stream = kept ?? new MemoryStream(bytes.Length / 4 + 1024);
        kept = null;
        stream.SetLength(0);
        using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(bytes);
    }

    /// <summary>The packed bytes; valid until disposal.</summary>
    public ReadOnlySpan<byte> Bytes => stream.GetBuffer().AsSpan(0, (int)stream.Length);

    public void Dispose() => kept = stream;
}
