using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Connecto.BrainNetworks;

/// <summary>Columns in a mapped file of <see cref="SynapseColumnFile"/>: the system reads a page when a spike first needs it, and may
/// drop it again, so a network may be larger than memory. Resident: 8 bytes a neuron, and what of the columns was read and
/// not yet dropped.</summary>
/// <remarks>Where the system can be told (Linux), it is told that reads are at random places, so that it reads no pages ahead.</remarks>
public sealed unsafe partial class MappedSynapses : SynapseColumns, IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _columns;
    private readonly long[] _starts;

    /// <summary>Maps a file; the starts are read and checked, the columns are not.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no such file, of another version, or cut short.</exception>
    public MappedSynapses(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        Span<byte> header = stackalloc byte[SynapseColumnFile.HeaderBytes];
        var read = file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        var neurons = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        Edges = BinaryPrimitives.ReadInt64LittleEndian(header[24..]);
        if (read < header.Length || !header[..8].SequenceEqual(SynapseColumnFile.Magic) || BinaryPrimitives.ReadInt32LittleEndian(header[8..]) != 1
            || neurons is < 0 or >= int.MaxValue || Edges < 0)
            throw new InvalidDataException($"'{path}' holds no synapse columns of version 1; nothing was run.");
        var first = SynapseColumnFile.HeaderBytes + 8 * (neurons + 1);
        if (file.Length != first + SynapseColumnFile.EntryBytes * Edges)
            throw new InvalidDataException(
                $"'{path}' has {file.Length} bytes; its header says {first + SynapseColumnFile.EntryBytes * Edges}. It was cut short or grew; write it again. Nothing was run.");
        _starts = new long[neurons + 1];
        file.ReadExactly(MemoryMarshal.AsBytes(_starts.AsSpan()));
        for (var n = 0; n < neurons; n++)
            if (_starts[n] > _starts[n + 1] || _starts[n + 1] - _starts[n] > int.MaxValue) throw Damaged(path, n);
        if (_starts[0] != 0 || _starts[^1] != Edges) throw Damaged(path, (int)neurons);
        using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = map.CreateViewAccessor(0, file.Length, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _columns = pointer + first;
        if (OperatingSystem.IsLinux()) _ = Advise(pointer, (nuint)file.Length, RandomPlaces);
    }

    /// <inheritdoc/>
    public override int Neurons => _starts.Length - 1;

    /// <inheritdoc/>
    public override long Edges { get; }

    /// <summary>Bytes of a neuron's column in the file.</summary>
    public long BytesOf(int neuron) => SynapseColumnFile.EntryBytes * (_starts[neuron + 1] - _starts[neuron]);

    /// <inheritdoc/>
    public override SynapseColumn Of(int neuron)
    {
        var at = _columns + SynapseColumnFile.EntryBytes * _starts[neuron];
        var length = (int)(_starts[neuron + 1] - _starts[neuron]);
        return new SynapseColumn(new ReadOnlySpan<int>(at, length), new ReadOnlySpan<short>(at + 4L * length, length));
    }

    /// <summary>Unmaps the file; no column may be used any more.</summary>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }

    private const int RandomPlaces = 1;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(byte* address, nuint length, int advice);

    private static InvalidDataException Damaged(string path, int neuron) =>
        new($"The start of column {neuron} in '{path}' does not fit its neighbours: the file is damaged; write it again. Nothing was run.");
}
