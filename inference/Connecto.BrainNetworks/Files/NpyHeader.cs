using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Connecto.BrainNetworks;

/// <summary>The head of NumPy's array file (numpy.lib.format, version 1.0): magic, version, length, a Python dictionary,
/// padded so that the data begins at a multiple of 64.</summary>
internal static class NpyHeader
{
    /// <param name="type">NumPy's code: "&lt;f4", "&lt;i4", "&lt;i8" or "|S3".</param>
    /// <param name="shape">Lengths of the axes; none for a scalar.</param>
    public static byte[] Of(string type, params ReadOnlySpan<long> shape)
    {
        var lengths = new StringBuilder();
        foreach (var length in shape) lengths.Append(CultureInfo.InvariantCulture, $"{length}, ");
        var tuple = shape.Length == 1 ? lengths.ToString().TrimEnd() : lengths.ToString().TrimEnd(',', ' ');
        var text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({tuple}), }}";
        var padded = (10 + text.Length + 1 + 63) / 64 * 64;
        var header = new byte[padded];
        ReadOnlySpan<byte> magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0];
        magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(padded - 10));
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }
}
