using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Volumes.Precomputed;

/// <summary>Raw chunks in files that are not packed: read and written part by part.</summary>
internal static class PlainChunk<T> where T : unmanaged
{
    /// <summary>Reads the voxels that a box shares with a chunk, where the chunk's file is plain.</summary>
    /// <param name="path">The file without a suffix.</param>
    /// <param name="chunk">The chunk's box.</param>
    /// <param name="channels">Channels of the chunk; as many are read as <paramref name="into"/> has.</param>
    /// <param name="shared">The box to read, inside the chunk.</param>
    /// <param name="into">Where they go.</param>
    /// <param name="at">The place of their first one.</param>
    /// <returns>False where there is a packed file, which goes first, or a plain one of another length.</returns>
    public static bool TryRead(string path, Box chunk, int channels, Box shared, Volume<T> into, Index3 at)
    {
        if (!File.Exists(path) || File.Exists(path + ".gz")) return false;
        using var file = File.OpenHandle(path);
        if (RandomAccess.GetLength(file) != chunk.Count * channels * Unsafe.SizeOf<T>()) return false;
        var (row, plane) = (chunk.Shape.X, (long)chunk.Shape.Y * chunk.Shape.X);
        var (begin, size) = (shared.Begin - chunk.Begin, shared.Shape);
        // Rows from the first to the last that is asked for, of one section after another.
        var length = (size.Y - 1) * row + size.X;
        var whole = size.Y == chunk.Shape.Y && size.X == row;
        var sections = whole ? size.Z : 1;
        var buffer = Buffer((int)(whole ? plane * size.Z : length));
        for (var c = 0; c < into.Channels; c++)
            for (var z = 0; z < size.Z; z += sections)
            {
                var first = (c * (long)chunk.Shape.Z + begin.Z + z) * plane + begin.Y * (long)row + begin.X;
                ReadFully(file, MemoryMarshal.AsBytes(buffer.AsSpan(0, (int)(whole ? plane * sections : length))),
                    first * Unsafe.SizeOf<T>(), path);
                for (var k = 0; k < sections; k++)
                    for (var y = 0; y < size.Y; y++)
                        buffer.AsSpan((int)(k * plane) + y * row, size.X)
                            .CopyTo(into.Slice(at.Z + z + k, c).Slice((at.Y + y) * into.Shape.X + at.X, size.X));
            }
        return true;
    }

    /// <summary>Writes a box of voxels as a chunk's file, all channels.</summary>
    public static void Write(string path, Volume<T> voxels, Box box)
    {
        var size = box.Shape;
        var buffer = Buffer(checked((int)(size.Count * voxels.Channels)));
        var to = buffer.AsSpan(0, (int)(size.Count * voxels.Channels));
        for (var c = 0; c < voxels.Channels; c++)
            for (var z = 0; z < size.Z; z++)
                for (var y = 0; y < size.Y; y++)
                {
                    voxels.Slice(box.Begin.Z + z, c).Slice((box.Begin.Y + y) * voxels.Shape.X + box.Begin.X, size.X).CopyTo(to);
                    to = to[size.X..];
                }
        AtomicFile.Write(path, MemoryMarshal.AsBytes(buffer.AsSpan(0, (int)(size.Count * voxels.Channels))));
    }

    [ThreadStatic]
    private static T[]? buffer;

    private static T[] Buffer(int length) =>
        buffer is { } held && held.Length >= length ? held : buffer = GC.AllocateUninitializedArray<T>(length);

    private static void ReadFully(Microsoft.Win32.SafeHandles.SafeFileHandle file, Span<byte> bytes, long offset, string path)
    {
        while (!bytes.IsEmpty)
        {
            var count = RandomAccess.Read(file, bytes, offset);
            if (count == 0) throw new InvalidDataException($"Chunk {path} is cut short. Re-create it; no voxel was written.");
            bytes = bytes[count..];
            offset += count;
        }
    }
}
