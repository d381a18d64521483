using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Connecto.Sparse.Onnx;

/// <summary>Writes one message in the wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding):
/// a field is a key, number * 8 + kind, and a value; kinds are 0 for whole numbers, 2 for bytes with their length, 5 for
/// four bytes.</summary>
internal sealed class ProtoWriter
{
    private readonly MemoryStream bytes = new();

    /// <summary>A whole number or an enum; negative ones take ten bytes.</summary>
    public ProtoWriter Number(int field, long value)
    {
        Key(field, 0);
        Varint((ulong)value);
        return this;
    }

    /// <summary>A float.</summary>
    public ProtoWriter Float(int field, float value)
    {
        Key(field, 5);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        bytes.Write(four);
        return this;
    }

    /// <summary>Text in UTF-8.</summary>
    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes as they are.</summary>
    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Key(field, 2);
        Varint((ulong)value.Length);
        bytes.Write(value);
        return this;
    }

    /// <summary>A message inside this one.</summary>
    public ProtoWriter Message(int field, ProtoWriter message)
    {
        Key(field, 2);
        Varint((ulong)message.bytes.Length);
        message.bytes.WriteTo(bytes);
        return this;
    }

    /// <summary>Repeated whole numbers, packed.</summary>
    public ProtoWriter Packed(int field, IEnumerable<long> values)
    {
        var inner = new ProtoWriter();
        foreach (var value in values) inner.Varint((ulong)value);
        return Message(field, inner);
    }

    /// <summary>An array as its little-endian bytes.</summary>
    public ProtoWriter Raw<T>(int field, ReadOnlySpan<T> values) where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("ONNX tensors are little-endian, and this machine is not; nothing was written.");
        return Bytes(field, MemoryMarshal.AsBytes(values));
    }

    /// <summary>All that was written.</summary>
    public byte[] ToArray() => bytes.ToArray();

    private void Key(int field, int kind) => Varint((ulong)(field << 3 | kind));

    private void Varint(ulong value)
    {
        for (; value > 127; value >>= 7) bytes.WriteByte((byte)(value | 128));
        bytes.WriteByte((byte)value);
    }
}
