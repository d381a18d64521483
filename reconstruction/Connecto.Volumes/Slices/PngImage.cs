using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Connecto.Volumes.Slices;

/// <summary>Grey PNG pictures, read and written; colour is only written.</summary>
/// <remarks>Portable Network Graphics, second edition (ISO/IEC 15948, W3C 2003). Read: grey of 1, 2, 4, 8 and 16 bits,
/// every filter, interlaced or not, checksums checked. Refused with one sentence: palette, colour, alpha. Everything
/// here is safe to call from several threads.</remarks>
public static class PngImage
{
    /// <summary>Reads the header and checks that the file has its end; decodes nothing.</summary>
    /// <exception cref="InvalidDataException">Not a PNG, not grey, damaged, or cut short; the message names the
    /// file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static GreyFormat ReadFormat(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        return PngReader.ReadFormat(stream, path);
    }

    /// <summary>Reads a picture. Samples of 1, 2 and 4 bits come as they are (0..1, 0..3, 0..15) in 8 bits.</summary>
    /// <exception cref="InvalidDataException">Not a PNG, not grey, damaged, or cut short; the message names the
    /// file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static GreyImage Read(string path) => Decode(File.ReadAllBytes(path), path);

    /// <summary>Decodes a picture from memory.</summary>
    /// <param name="file">The whole file; its contents are used up (they may be changed).</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    public static GreyImage Decode(byte[] file, string name) => PngReader.Decode(file, name);

    /// <summary>Encodes 8-bit grey, (y, x) order.</summary>
    /// <exception cref="ArgumentException">The length is not height * width, or a length is not positive.</exception>
    public static byte[] EncodeGrey8(ReadOnlySpan<byte> samples, int height, int width,
        CompressionLevel level = CompressionLevel.Optimal) =>
        PngWriter.Encode(samples, height, width, PngPixel.Grey8, level);

    /// <summary>Encodes 16-bit grey, (y, x) order.</summary>
    /// <exception cref="ArgumentException">The length is not height * width, or a length is not positive.</exception>
    public static byte[] EncodeGrey16(ReadOnlySpan<ushort> samples, int height, int width,
        CompressionLevel level = CompressionLevel.Optimal) =>
        PngWriter.Encode(MemoryMarshal.AsBytes(samples), height, width, PngPixel.Grey16, level);

    /// <summary>Encodes 8-bit colour, (y, x, red green blue) order.</summary>
    /// <exception cref="ArgumentException">The length is not 3 * height * width, or a length is not
    /// positive.</exception>
    public static byte[] EncodeRgb8(ReadOnlySpan<byte> samples, int height, int width,
        CompressionLevel level = CompressionLevel.Optimal) =>
        PngWriter.Encode(samples, height, width, PngPixel.Rgb8, level);

    /// <summary>Writes 8-bit grey, (y, x) order; under a temporary name first.</summary>
    /// <exception cref="ArgumentException">The length is not height * width, or a length is not positive.</exception>
    public static void WriteGrey8(string path, ReadOnlySpan<byte> samples, int height, int width,
        CompressionLevel level = CompressionLevel.Optimal) =>
        AtomicFile.Write(path, EncodeGrey8(samples, height, width, level));

    /// <summary>Writes 16-bit grey, (y, x) order; under a temporary name first.</summary>
    /// <exception cref="ArgumentException">The length is not height * width, or a length is not positive.</exception>
    public static void WriteGrey16(string path, ReadOnlySpan<ushort> samples, int height, int width,
        CompressionLevel level = CompressionLevel.Optimal) =>
        AtomicFile.Write(path, EncodeGrey16(samples, height, width, level));

    /// <summary>Writes 8-bit colour, (y, x, red green blue) order; under a temporary name first.</summary>
    /// <exception cref="ArgumentException">The length is not 3 * height * width, or a length is not
    /// positive.</exception>
    public static void WriteRgb8(string path, ReadOnlySpan<byte> samples, int height, int width,
        CompressionLevel level = CompressionLevel.Optimal) =>
        AtomicFile.Write(path, EncodeRgb8(samples, height, width, level));
}
