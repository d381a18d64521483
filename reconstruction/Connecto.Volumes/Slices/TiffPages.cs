// The idea: walk the chain of directories, refuse by name what is no grey slice, and prove for each page that its
// blocks cover it and lie inside the file. Decoding may then trust the page. Source: TIFF 6.0; BigTIFF (Aware Systems).
// ImageJ writes stacks beyond 4 GB as one directory and "images=N" in the description, the pages following each other.
using System.Globalization;

namespace Connecto.Volumes.Slices;

internal static class TiffPages
{
    private const int SubfileType = 254, Width = 256, Height = 257, BitsPerSample = 258, Compression = 259,
        Photometric = 262, FillOrder = 266, Description = 270, StripOffsets = 273, SamplesPerPixel = 277,
        RowsPerStrip = 278, StripByteCounts = 279, Predictor = 317, TileWidth = 322, TileHeight = 323,
        TileOffsets = 324, TileByteCounts = 325, SampleFormat = 339;

    /// <summary>All pages but thumbnails, in file order; at least one.</summary>
    public static List<TiffPage> Read(TiffSource source)
    {
        var head = source.Read(4, source.Big ? 12L : 4L);
        if (source.Big && (source.UInt16(head) != 8 || source.UInt16(head.AsSpan(2)) != 0))
            throw source.Bad("has a BigTIFF header with offsets that are not of 8 bytes");
        var next = source.Big ? (long)Math.Min(source.UInt64(head.AsSpan(4)), long.MaxValue) : source.UInt32(head);

        var pages = new List<TiffPage>();
        var seen = new HashSet<long>();
        var description = "";
        while (next != 0)
        {
            if (!seen.Add(next)) throw source.Bad("has directories that point in a circle");
            var directory = new TiffDirectory(source, next);
            next = directory.Next;
            if ((directory.Number(SubfileType, 0) & 1) != 0) continue;
            if (pages.Count == 0) description = directory.Text(Description);
            pages.Add(Check(source, directory));
        }
        if (pages.Count == 0) throw source.Bad("has no page");
        return pages.Count == 1 ? ExpandImageJStack(source, pages[0], description) : pages;
    }

    private static TiffPage Check(TiffSource source, TiffDirectory tags)
    {
        var (width, height) = (tags.Number(Width, 0), tags.Number(Height, 0));
        CheckGrey(source, tags);
        var bits = tags.Number(BitsPerSample, 1);
        if (bits is not (8 or 16 or 32))
            throw source.Refuse($"has samples of {bits} bits", "TIFF slices have 8, 16 or 32");
        if (width <= 0 || height <= 0 || width > int.MaxValue || height > int.MaxValue
            || width * (Int128)height * bits / 8 > Array.MaxLength)
            throw source.Bad($"claims a size of {width} x {height}, which no slice may have");

        var compression = tags.Number(Compression, 1);
        if (!Enum.IsDefined((TiffCompression)compression))
            throw source.Refuse(
                $"is compressed with {CompressionName(compression)}", "none, LZW, Deflate and PackBits can be read");
        if (tags.Number(FillOrder, 1) != 1)
            throw source.Refuse($"has fill order {tags.Number(FillOrder, 1)}", "only 1, high bits first, can be read");
        var predictor = tags.Number(Predictor, 1);
        if (predictor is not (1 or 2))
            throw source.Refuse($"has predictor {predictor}", "1 (none) and 2 (differences) can be read");

        var tiled = tags.Has(TileOffsets) || tags.Has(TileWidth);
        var rowsPerStrip = Math.Min(height, tags.Number(RowsPerStrip, height));
        var (blockHeight, blockWidth) =
            tiled ? (tags.Number(TileHeight, 0), tags.Number(TileWidth, 0)) : (rowsPerStrip, width);
        if (blockHeight <= 0 || blockWidth <= 0 || blockHeight * (Int128)blockWidth * bits / 8 > Array.MaxLength)
            throw source.Bad($"has {(tiled ? "tiles" : "strips")} of {blockHeight} x {blockWidth}");
        var page = new TiffPage
        {
            Format = new GreyFormat((int)height, (int)width, (int)bits),
            Compression = (TiffCompression)compression,
            Differenced = predictor == 2,
            WhiteIsZero = tags.Number(Photometric, 1) == 0,
            BlockHeight = (int)blockHeight,
            BlockWidth = (int)blockWidth,
            Tiled = tiled,
            Offsets = tags.Numbers(tiled ? TileOffsets : StripOffsets),
            ByteCounts = tags.Numbers(tiled ? TileByteCounts : StripByteCounts),
        };
        return CheckBlocks(source, page);
    }

    private static void CheckGrey(TiffSource source, TiffDirectory tags)
    {
        var photometric = tags.Number(Photometric, 1);
        var samples = tags.Number(SamplesPerPixel, 1);
        if (photometric is not (0 or 1))
            throw source.Refuse($"is a {PhotometricName(photometric)} TIFF", "slices must be grey");
        if (samples != 1)
            throw source.Refuse($"has {samples} samples a pixel", "slices must be grey with one, and no alpha");
        var format = tags.Number(SampleFormat, 1);
        if (format is not (1 or 4))
            throw source.Refuse(
                $"has {(format == 2 ? "signed" : format == 3 ? "floating-point" : $"format-{format}")} samples",
                "slices must be unsigned integers");
    }

    /// <summary>Fills in byte counts that old writers left out, then proves that every block lies inside the
    /// file.</summary>
    private static TiffPage CheckBlocks(TiffSource source, TiffPage page)
    {
        var blocks = (long)page.BlocksAcross * page.BlocksDown;
        if (page.ByteCounts.Length == 0 && page.Compression == TiffCompression.None
            && page.Offsets.Length == blocks && blocks < int.MaxValue)
            page = page with
            {
                ByteCounts = [.. Enumerable.Range(0, (int)blocks).Select(i => PlainBytes(page, i / page.BlocksAcross))],
            };
        if (page.Offsets.Length < blocks || page.ByteCounts.Length < blocks)
            throw source.Bad(
                $"lists {Math.Min(page.Offsets.Length, page.ByteCounts.Length)} strips or tiles where its size needs {blocks}");
        for (var i = 0; i < blocks; i++)
        {
            if (page.Offsets[i] > source.Length - page.ByteCounts[i] || page.ByteCounts[i] < 0)
                throw source.Bad("is cut short: a strip or tile lies past its end");
            var plain = PlainBytes(page, i / page.BlocksAcross);
            if (plain > LargestExpansion(page.Compression) * page.ByteCounts[i] + 1024)
                throw source.Bad(
                    $"has a strip or tile of {page.ByteCounts[i]} bytes, too few for its {plain} bytes of pixels");
            if (page.Compression == TiffCompression.None && page.ByteCounts[i] < plain)
                throw source.Bad($"is cut short: a strip or tile has {page.ByteCounts[i]} of {plain} bytes");
        }
        return page;
    }

    // No packed block can grow by more; a page that asks for more is a lie and costs no memory.
    private static long LargestExpansion(TiffCompression compression) => compression switch
    {
        TiffCompression.None => 1,
        TiffCompression.PackBits => 64,
        TiffCompression.Lzw => 4096,
        _ => 1032,
    };

    private static long PlainBytes(TiffPage page, int down) =>
        (long)page.RowsOf(down) * page.BlockWidth * (page.Format.BitsPerSample / 8);

    private static List<TiffPage> ExpandImageJStack(TiffSource source, TiffPage first, string description)
    {
        var count = ImageJNumber(description, "images");
        if (!description.StartsWith("ImageJ=", StringComparison.Ordinal) || count <= 1) return [first];
        if (ImageJNumber(description, "channels") > 1)
            throw source.Refuse(
                $"holds {ImageJNumber(description, "channels")} channels", "slices must be grey with one channel");
        var bytes = first.Format.ByteCount;
        var contiguous = first is { Compression: TiffCompression.None, Tiled: false };
        for (var i = 1; i < first.Offsets.Length && contiguous; i++)
            contiguous = first.Offsets[i] == first.Offsets[i - 1] + first.ByteCounts[i - 1];
        if (!contiguous) return [first];
        if (first.Offsets[0] > source.Length - count * (Int128)bytes)
            throw source.Bad($"is cut short: it says images={count} and ends before the last");
        return
        [
            .. Enumerable.Range(0, (int)count)
                .Select(z => first with { Offsets = [.. first.Offsets.Select(at => at + z * bytes)] }),
        ];
    }

    private static long ImageJNumber(string description, string key)
    {
        foreach (var line in description.Split('\n'))
            if (line.StartsWith(key + "=", StringComparison.Ordinal)
                && int.TryParse(line.AsSpan(key.Length + 1).Trim(), NumberStyles.None, CultureInfo.InvariantCulture,
                    out var number))
                return number;
        return 0;
    }

    private static string PhotometricName(long photometric) => photometric switch
    {
        2 => "colour (RGB)",
        3 => "palette",
        4 => "transparency mask",
        5 => "CMYK",
        6 => "YCbCr colour",
        8 => "CIE Lab colour",
        _ => $"photometric-{photometric}",
    };

    private static string CompressionName(long compression) => compression switch
    {
        2 => "CCITT RLE (2)",
        3 => "CCITT Group 3 (3)",
        4 => "CCITT Group 4 (4)",
        6 => "old JPEG (6)",
        7 => "JPEG (7)",
        32809 => "ThunderScan (32809)",
        33003 or 33005 or 34712 => $"JPEG 2000 ({compression})",
        34661 => "JBIG (34661)",
        34887 => "LERC (34887)",
        34925 => "LZMA (34925)",
        50000 => "Zstandard (50000)",
        50001 => "WebP (50001)",
        50002 or 52546 => $"JPEG XL ({compression})",
        _ => $"an unknown method ({compression})",
    };
}
