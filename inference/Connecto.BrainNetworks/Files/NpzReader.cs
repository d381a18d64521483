using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>Reads a matrix as <c>scipy.sparse.save_npz</c> writes it, in compressed rows or columns.</summary>
/// <remarks>Indices of 32 or 64 bits, values of float32 or float64 (rounded to float32), little endian, C order; indices
/// of a row or column must ascend, as SciPy's sort_indices leaves them.</remarks>
public static partial class NpzReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The .npz file.</param>
    /// <exception cref="InvalidDataException">It is no such file; the message says what was found.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static CsrMatrix Read(string path)
    {
        using var file = File.OpenRead(path);
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            var format = Encoding.UTF8.GetString(Array(zip, "format").Bytes).Replace("\0", "", StringComparison.Ordinal);
            if (format is not ("csr" or "csc")) throw Bad($"it holds a matrix in the format '{format}'; csr and csc can be read");
            var shape = Integers(Array(zip, "shape"));
            if (shape.Length != 2) throw Bad($"its matrix has {shape.Length} axes");
            var (starts, indices, values) = (Integers(Array(zip, "indptr")), Integers(Array(zip, "indices")), Floats(Array(zip, "data")));
            return format == "csr" ? new CsrMatrix(shape[0], shape[1], starts, indices, values)
                : new CscMatrix(shape[0], shape[1], starts, indices, values).ToCsr();
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or OverflowException or EndOfStreamException)
        {
            throw new InvalidDataException($"'{path}' cannot be read as a sparse matrix: {e.Message}", e);
        }
    }

    private static (string Type, byte[] Bytes) Array(ZipArchive zip, string name)
    {
        var entry = zip.GetEntry($"{name}.npy") ?? throw Bad($"it has no array '{name}'");
        using var stream = entry.Open();
        var head = new byte[10];
        stream.ReadExactly(head);
        if (head[0] != 0x93 || head[1] != 'N' || head[2] != 'U' || head[6] != 1)
            throw Bad($"its array '{name}' is not of NumPy's format 1.0");
        var text = new byte[head[8] | head[9] << 8];
        stream.ReadExactly(text);
        var header = Encoding.ASCII.GetString(text);
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal)) throw Bad($"its array '{name}' is in Fortran order");
        var type = TypeCode().Match(header);
        if (!type.Success) throw Bad($"its array '{name}' does not say what it holds");
        using var data = new MemoryStream();
        stream.CopyTo(data);
        return (type.Groups[1].Value, data.ToArray());
    }

    private static int[] Integers((string Type, byte[] Bytes) array) => array.Type switch
    {
        "<i4" => MemoryMarshal.Cast<byte, int>(array.Bytes).ToArray(),
        "<i8" => System.Array.ConvertAll(MemoryMarshal.Cast<byte, long>(array.Bytes).ToArray(), v => checked((int)v)),
        _ => throw Bad($"it has indices of the type {array.Type}; <i4 and <i8 can be read"),
    };

    private static float[] Floats((string Type, byte[] Bytes) array) => array.Type switch
    {
        "<f4" => MemoryMarshal.Cast<byte, float>(array.Bytes).ToArray(),
        "<f8" => System.Array.ConvertAll(MemoryMarshal.Cast<byte, double>(array.Bytes).ToArray(), v => (float)v),
        _ => throw Bad($"it has values of the type {array.Type}; <f4 and <f8 can be read"),
    };

    private static InvalidDataException Bad(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{what}."));

    [GeneratedRegex("'descr':\\s*'([^']*)'")]
    private static partial Regex TypeCode();
}
