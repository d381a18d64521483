using System.IO.Compression;

namespace Connecto.Volumes.Slices;

/// <summary>Grey TIFF pictures: every page of a file, read and written.</summary>
/// <remarks>TIFF 6.0 (Adobe 1992), its technical notes on Deflate and BigTIFF. Read: one sample a pixel, unsigned, 8, 16 or
/// 32 bits; strips and tiles; no compression, LZW, Deflate (8 and 32946), PackBits; predictors 1 and 2; both byte orders;
/// black or white is zero (the latter is turned round); ImageJ's files beyond 4 GB, whose later pages have no directory.
/// Pages marked as thumbnails are left out. Everything else is refused with one sentence that names it.</remarks>
public static class TiffImage
{
    /// <summary>Reads the headers of all pages and checks that their data lies inside the file; decodes nothing.</summary>
    /// <exception cref="InvalidDataException">Not a TIFF, a page that is refused, or a file cut short; the message names it.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static IReadOnlyList<GreyFormat> ReadFormats(string path) => [.. OpenPages(path).Select(page => page.Format)];

    /// <summary>Reads one page.</summary>
    /// <param name="path">The file.</param>
    /// <param name="page">Its number, from 0.</param>
    /// <exception cref="InvalidDataException">As for <see cref="ReadFormats"/>, or the page is damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such page.</exception>
    public static GreyImage Read(string path, int page = 0)
    {
        var pages = OpenPages(path);
        ArgumentOutOfRangeException.ThrowIfNegative(page);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(page, pages.Count);
        return ReadPage(path, pages[page]);
    }

    /// <summary>Writes pages as little-endian TIFF, one Deflate or plain strip a page; under a temporary name first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pages">One picture or more; each is asked for once and let go.</param>
    /// <param name="level">Deflate's effort; <see cref="CompressionLevel.NoCompression"/> writes plain strips.</param>
    /// <exception cref="ArgumentException">There is no page, or the pages pass the 4 GB that classic TIFF can address.</exception>
    public static void Write(string path, IEnumerable<GreyImage> pages, CompressionLevel level = CompressionLevel.Fastest) =>
        AtomicFile.Write(path, stream => TiffWriter.Write(stream, pages, level));

    /// <summary>All pages of a file, checked.</summary>
    internal static List<TiffPage> OpenPages(string path)
    {
        using var handle = File.OpenHandle(path);
        return TiffPages.Read(new TiffSource(handle, path));
    }

    /// <summary>Decodes a page that <see cref="OpenPages"/> found.</summary>
    internal static GreyImage ReadPage(string path, TiffPage page)
    {
        using var handle = File.OpenHandle(path);
        return new TiffPageDecoder(new TiffSource(handle, path), page).Decode();
    }
}
