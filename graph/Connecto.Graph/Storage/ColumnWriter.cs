using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>Writes one column's file from front to back; the header comes last, so a file that was cut off has none.</summary>
internal sealed class ColumnWriter<T> : IDisposable where T : unmanaged
{
    // Pieces this large keep the calls rare and still fit the second-level cache, where the checksum finds them.
    private const int Piece = 1 << 18;

    private static readonly byte[] Zeros = new byte[Piece];

    private readonly FileStream _file;
    private readonly T[] _buffer = new T[Piece / Unsafe.SizeOf<T>()];
    private XxHash64 _hash = new();
    private int _kept;

    public ColumnWriter(string path)
    {
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0);
        _file.Write(Zeros, 0, ColumnHeader.Bytes);
    }

    public long Count { get; private set; }

    public void Add(T value)
    {
        _buffer[_kept++] = value;
        if (_kept == _buffer.Length) Flush();
    }

    public void Add(ReadOnlySpan<T> values)
    {
        while (!values.IsEmpty)
        {
            if (_kept == 0 && values.Length >= _buffer.Length)
            {
                Write(MemoryMarshal.AsBytes(values[.._buffer.Length]));
                Count += _buffer.Length;
                values = values[_buffer.Length..];
                continue;
            }
            var taken = Math.Min(_buffer.Length - _kept, values.Length);
            values[..taken].CopyTo(_buffer.AsSpan(_kept));
            _kept += taken;
            values = values[taken..];
            if (_kept == _buffer.Length) Flush();
        }
    }

    /// <summary>Adds values that are all zero without writing them: a file system that can leaves a hole.</summary>
    public void AddZeros(long count)
    {
        Flush();
        Count += count;
        for (var left = count * Unsafe.SizeOf<T>(); left > 0; left -= Piece) _hash.Add(Zeros.AsSpan(0, (int)Math.Min(left, Piece)));
        _file.SetLength(_file.Length + count * Unsafe.SizeOf<T>());
        _file.Position = _file.Length;
    }

    /// <summary>Writes the header; flushing to the disk is the folder's affair.</summary>
    public ColumnHeader Finish()
    {
        Flush();
        var header = new ColumnHeader(ColumnHeader.KindOf<T>(), Count, _hash.Value);
        Span<byte> bytes = stackalloc byte[ColumnHeader.Bytes];
        header.Write(bytes);
        _file.Position = 0;
        _file.Write(bytes);
        _file.Dispose();
        return header;
    }

    public void Dispose() => _file.Dispose();

    private void Flush()
    {
        Write(MemoryMarshal.AsBytes<T>(_buffer.AsSpan(0, _kept)));
        Count += _kept;
        _kept = 0;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.Add(bytes);
        _file.Write(bytes);
    }
}
