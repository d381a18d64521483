using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Connecto.Graph;

namespace Connecto.BrainNetworks;

/// <summary>Columns of a spiking network as a file to be mapped, 6 bytes an edge and 8 a neuron; only the columns of neurons that
/// spike are read from it.</summary>
/// <remarks>
/// Little-endian: 64 bytes of header (<c>CNCTSYN</c> and a zero byte, u32 version 1, u32 zero, i64 neurons, i64 edges, zeros), then
/// i64 starts[neurons + 1] counted in edges, then the columns one after the other: i32 targets, ascending, and i16 contacts,
/// negative where they inhibit, both of the same column, so that a column is one run of 6 bytes an edge.
/// </remarks>
public static class SynapseColumnFile
{
    internal const int HeaderBytes = 64;
    internal const int EntryBytes = sizeof(int) + sizeof(short);
    internal static ReadOnlySpan<byte> Magic => "CNCTSYN\0"u8;

    /// <summary>Writes columns one after the other, from wherever they come; holds one at a time and the starts.</summary>
    /// <param name="path">The file; written under a temporary name and renamed.</param>
    /// <param name="columns">The columns, in memory or mapped themselves.</param>
    /// <exception cref="IOException">It cannot be written; what was there is as it was.</exception>
    public static void Write(string path, SynapseColumns columns)
    {
        var partial = path + ".tmp";
        try
        {
            using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                Span<byte> header = stackalloc byte[HeaderBytes];
                header.Clear();
                Magic.CopyTo(header);
                BinaryPrimitives.WriteInt32LittleEndian(header[8..], 1);
                BinaryPrimitives.WriteInt64LittleEndian(header[16..], columns.Neurons);
                BinaryPrimitives.WriteInt64LittleEndian(header[24..], columns.Edges);
                file.Write(header);
                var starts = new long[columns.Neurons + 1];
                file.Position = HeaderBytes + 8L * starts.Length;
                for (var n = 0; n < columns.Neurons; n++)
                {
                    var column = columns.Of(n);
                    starts[n + 1] = starts[n] + column.Targets.Length;
                    file.Write(MemoryMarshal.AsBytes(column.Targets));
                    file.Write(MemoryMarshal.AsBytes(column.Contacts));
                }
                file.Position = HeaderBytes;
                file.Write(MemoryMarshal.AsBytes<long>(starts));
                file.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Writes the columns of a connectome, which may be mapped and larger than memory: its edges are read once, in order.</summary>
    /// <param name="path">The file.</param>
    /// <param name="connectome">The graph.</param>
    /// <param name="recipe">As for <see cref="SynapseArrays.From"/>.</param>
    /// <exception cref="InvalidDataException">The recipe asks for anything but signed contacts.</exception>
    public static void Write(string path, Connectome connectome, NetworkRecipe recipe) => Write(path, new ConnectomeSynapses(connectome, recipe));
}
