// The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1, 2 and 3: a magic
// string, the header's length, and a Python dictionary {'descr': '<u8', 'fortran_order': False, 'shape': (3, 4), } as
// text.
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Connecto.Volumes.Npy;

/// <summary>What the header of an .npy file says.</summary>
/// <param name="Shape">Lengths of the axes; empty for a scalar.</param>
/// <param name="Kind">NumPy's letter: u, i, f, b (bool).</param>
/// <param name="ItemBytes">1, 2, 4 or 8.</param>
/// <param name="BigEndian">True where items have their high byte first.</param>
/// <param name="FortranOrder">True where the first axis is the fastest.</param>
/// <param name="DataOffset">Where the items begin, bytes.</param>
internal sealed partial record NpyHeader(
    int[] Shape, char Kind, int ItemBytes, bool BigEndian, bool FortranOrder, long DataOffset)
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Items, the product of the shape.</summary>
    public long Count => Shape.Aggregate(1L, (product, length) => checked(product * length));

    /// <summary>NumPy's name of the items, as "uint64".</summary>
    public string TypeName => NameOf(Kind, ItemBytes);

    /// <summary>NumPy's name of a type, as "uint64".</summary>
    public static string NameOf(char kind, int itemBytes) => kind switch
    {
        'b' => "bool",
        'u' => $"uint{8 * itemBytes}",
        'i' => $"int{8 * itemBytes}",
        _ => $"float{8 * itemBytes}",
    };

    public static NpyHeader Read(Stream stream, string name)
    {
        Span<byte> start = stackalloc byte[12];
        if (stream.ReadAtLeast(start, 12, throwOnEndOfStream: false) < 12 || !start[..6].SequenceEqual(Magic))
            throw Bad(name, "does not begin as an .npy file does");
        var (lengthBytes, version) = (start[6] == 1 ? 2 : 4, start[6]);
        if (version is 0 or > 3) throw Bad(name, $"has format version {version}");
        var length = lengthBytes == 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (length > 1 << 20) throw Bad(name, $"claims a header of {length} bytes");
        var text = new byte[length];
        stream.Position = 8 + lengthBytes;
        if (stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false) < text.Length)
            throw Bad(name, "is cut short");
        var header = Parse(Encoding.UTF8.GetString(text), name, 8 + lengthBytes + length);
        long data;
        try
        {
            data = checked(header.Count * header.ItemBytes);
        }
        catch (OverflowException)
        {
            throw Bad(name, "claims a shape that no file can hold");
        }
        if (stream.Length - header.DataOffset < data)
            throw Bad(name,
                $"is cut short: it has {stream.Length - header.DataOffset} bytes of items where its shape needs {data}");
        return header;
    }

    /// <summary>The bytes before the items, version 1, padded to a multiple of 64 as NumPy does.</summary>
    public static byte[] Write(ReadOnlySpan<int> shape, char kind, int itemBytes)
    {
        var axes = string.Join(", ", shape.ToArray().Select(length => length.ToString(CultureInfo.InvariantCulture)));
        if (shape.Length == 1) axes += ",";
        var descr = $"{(itemBytes == 1 ? '|' : '<')}{kind}{itemBytes}";
        var text = $"{{'descr': '{descr}', 'fortran_order': False, 'shape': ({axes}), }}";
        var total = (10 + text.Length + 1 + 63) / 64 * 64;
        var bytes = new byte[total];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)(total - 10)));
        Encoding.ASCII.GetBytes(text.PadRight(total - 11) + "\n", bytes.AsSpan(10));
        return bytes;
    }

    public static InvalidDataException Bad(string name, string found) =>
        new($"{name} {found}; an .npy array of whole or floating-point numbers was expected. Nothing was written.");

    private static NpyHeader Parse(string text, string name, long dataOffset)
    {
        var descr = Descr().Match(text);
        var order = Order().Match(text);
        var shape = Axes().Match(text);
        if (!descr.Success || !order.Success || !shape.Success)
            throw Bad(name, "has a header without a plain descr, fortran_order and shape");
        var lengths =
            shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var axes = new int[lengths.Length];
        for (var i = 0; i < axes.Length; i++)
            if (!int.TryParse(lengths[i].TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out axes[i]))
                throw Bad(name, $"has an axis of length {lengths[i]}");
        var (kind, size) = (descr.Groups[2].Value[0], descr.Groups[3].Value[0] - '0');
        var known = kind switch { 'b' => size == 1, 'u' or 'i' => size is 1 or 2 or 4 or 8, _ => size is 4 or 8 };
        if (!known) throw Bad(name, $"has items of type {kind}{size}");
        return new NpyHeader(axes, kind, size, descr.Groups[1].Value == ">", order.Groups[1].Value == "True", dataOffset);
    }

    [GeneratedRegex(@"['""]descr['""]\s*:\s*['""]([<>|=])([uifb])(\d)['""]")]
    private static partial Regex Descr();

    [GeneratedRegex(@"['""]fortran_order['""]\s*:\s*(True|False)")]
    private static partial Regex Order();

    [GeneratedRegex(@"['""]shape['""]\s*:\s*\(([^)]*)\)")]
    private static partial Regex Axes();
}
