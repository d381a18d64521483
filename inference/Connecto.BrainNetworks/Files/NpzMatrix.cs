using System.IO.Compression;
using System.Runtime.InteropServices;
using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>A matrix as <c>scipy.sparse.load_npz</c> reads it: a zip of .npy files named indices, indptr, data, shape and
/// format, as scipy.sparse.save_npz (SciPy 1.x, scipy/sparse/_matrix_io.py) writes them for CSR.</summary>
/// <remarks>int32 indices, float32 data, little endian; deflated. The bytes depend on the matrix alone: the entries carry
/// the oldest date that zip has.</remarks>
public static class NpzMatrix
{
    private static readonly DateTimeOffset NoDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a matrix to a stream, which stays open.</summary>
    public static void Write(Stream stream, CsrMatrix matrix)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(zip, "indices", "<i4", matrix.ColumnIndices, matrix.NonZeros);
        Add(zip, "indptr", "<i4", matrix.RowStarts, matrix.RowStarts.Length);
        Add<byte>(zip, "format", "|S3", "csr"u8);
        Add<long>(zip, "shape", "<i8", [matrix.Rows, matrix.Columns], 2);
        Add(zip, "data", "<f4", matrix.Values, matrix.NonZeros);
    }

    private static void Add<T>(ZipArchive zip, string name, string type, ReadOnlySpan<T> values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var entry = zip.CreateEntry($"{name}.npy", CompressionLevel.Fastest);
        entry.LastWriteTime = NoDate;
        using var stream = entry.Open();
        stream.Write(NpyHeader.Of(type, shape));
        const int piece = 1 << 20;
        for (var at = 0; at < values.Length; at += piece)
            stream.Write(MemoryMarshal.AsBytes(values[at..Math.Min(values.Length, at + piece)]));
    }
}
