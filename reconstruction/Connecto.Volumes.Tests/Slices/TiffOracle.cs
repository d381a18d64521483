using System.IO.Compression;

namespace Connecto.Volumes.Tests.Slices;

/// <summary>Every way of writing a page that the reader claims to know.</summary>
internal sealed record TiffLayout
{
    public bool BigEndian { get; init; }
    public bool Big { get; init; }
    public int Compression { get; init; } = 1;
    public int Predictor { get; init; } = 1;
    public int Bits { get; init; } = 8;
    public int Photometric { get; init; } = 1;
    public int? RowsPerStrip { get; init; }
    public (int Height, int Width)? Tile { get; init; }
    public int SamplesPerPixel { get; init; } = 1;
    public int SampleFormat { get; init; } = 1;
    public int FillOrder { get; init; } = 1;
    public string Description { get; init; } = "";
}

/// <summary>A naive TIFF writer, by TIFF 6.0 and the BigTIFF note.</summary>
internal static class TiffOracle
{
    public static byte[] Write(TiffLayout layout, int height, int width, params uint[][] pages)
    {
        var file = new Bytes(layout.BigEndian);
        file.Raw(layout.BigEndian ? (byte)'M' : (byte)'I', layout.BigEndian ? (byte)'M' : (byte)'I');
        file.Number(layout.Big ? 43 : 42, 2);
        if (layout.Big)
        {
            file.Number(8, 2);
            file.Number(0, 2);
        }
        var word = layout.Big ? 8 : 4;
        var link = file.Position;
        file.Number(0, word);
        foreach (var page in pages)
        {
            var (offsets, counts) = (new List<long>(), new List<long>());
            foreach (var block in Blocks(layout, height, width, page))
            {
                offsets.Add(file.Position);
                file.Raw(block);
                counts.Add(block.Length);
            }
            var strips = layout.Tile is null;
            List<(int Tag, int Size, long[] Values)> fields =
            [
                (256, 4, [width]), (257, 4, [height]), (258, 2, [layout.Bits]), (259, 2, [layout.Compression]), (262, 2, [layout.Photometric]),
                (266, 2, [layout.FillOrder]), (277, 2, [layout.SamplesPerPixel]), (317, 2, [layout.Predictor]), (339, 2, [layout.SampleFormat]),
                (strips ? 273 : 324, word, [.. offsets]), (strips ? 279 : 325, word, [.. counts]),
            ];
            if (strips && layout.RowsPerStrip is { } rows) fields.Add((278, 4, [rows]));
            if (layout.Tile is { } tile) fields.AddRange([(322, 2, [tile.Width]), (323, 2, [tile.Height])]);
            if (layout.Description != "") fields.Add((270, 1, [.. layout.Description.Select(letter => (long)letter), 0]));

            var placed = new Dictionary<int, long>();
            foreach (var (tag, size, values) in fields.Where(field => field.Size * field.Values.Length > word))
            {
                placed[tag] = file.Position;
                foreach (var value in values) file.Number(value, size);
            }
            var directory = file.Position;
            file.Number(fields.Count, layout.Big ? 8 : 2);
            foreach (var (tag, size, values) in fields.OrderBy(field => field.Tag))
            {
                file.Number(tag, 2);
                file.Number(tag == 270 ? 2 : size switch { 2 => 3, 4 => 4, 8 => 16, _ => 1 }, 2);
                file.Number(values.Length, word);
                var start = file.Position;
                if (placed.TryGetValue(tag, out var at)) file.Number(at, word);
                else foreach (var value in values) file.Number(value, size);
                while (file.Position < start + word) file.Raw(0);
            }
            file.Patch(link, directory, word);
            link = file.Position;
            file.Number(0, word);
        }
        return file.ToArray();
    }

    private static IEnumerable<byte[]> Blocks(TiffLayout layout, int height, int width, uint[] samples)
    {
        var (blockHeight, blockWidth) = layout.Tile ?? (layout.RowsPerStrip ?? height, width);
        for (var top = 0; top < height; top += blockHeight)
            for (var left = 0; left < width; left += blockWidth)
            {
                var block = new Bytes(layout.BigEndian);
                var rows = layout.Tile is null ? Math.Min(blockHeight, height - top) : blockHeight;
                for (var y = top; y < top + rows; y++)
                {
                    var before = 0u;
                    for (var x = left; x < left + blockWidth; x++)
                    {
                        var sample = y < height && x < width ? samples[y * width + x] : 99;
                        if (layout.Photometric == 0) sample = ~sample;
                        block.Number(layout.Predictor == 2 ? sample - before : sample, layout.Bits / 8);
                        before = sample;
                    }
                }
                yield return Pack(block.ToArray(), layout.Compression);
            }
    }

    private static byte[] Pack(byte[] bytes, int compression) => compression switch
    {
        5 => Lzw(bytes),
        8 or 32946 => Deflate(bytes),
        32773 => PackBits(bytes),
        _ => bytes,
    };

    private static byte[] Deflate(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] PackBits(byte[] bytes)
    {
        var packed = new List<byte>();
        for (var i = 0; i < bytes.Length;)
        {
            var run = 1;
            while (i + run < bytes.Length && run < 128 && bytes[i + run] == bytes[i]) run++;
            if (run > 1)
            {
                packed.AddRange([(byte)(1 - run), bytes[i]]);
                i += run;
                continue;
            }
            var count = 1;
            while (i + count < bytes.Length && count < 128 && bytes[i + count] != bytes[i + count - 1]) count++;
            packed.Add((byte)(count - 1));
            packed.AddRange(bytes[i..(i + count)]);
            i += count;
            packed.Add(128); // means nothing, and must be passed over
        }
        return [.. packed];
    }

    // TIFF 6.0, section 13, word for word: strings as keys, codes high bits first, one code early.
    private static byte[] Lzw(byte[] bytes)
    {
        var packed = new List<byte>();
        var (held, bits) = (0, 0L);
        var table = new Dictionary<string, int>();
        var width = 9;
        Emit(256);
        Clear();
        var prefix = "";
        foreach (var b in bytes)
        {
            var longer = prefix + (char)b;
            if (table.ContainsKey(longer))
            {
                prefix = longer;
                continue;
            }
            Emit(table[prefix]);
            table[longer] = table.Count + 2;
            // 256 and 257 are no strings, so the entry just added has the number Count + 1.
            if (table.Count + 1 == 511) width = 10;
            else if (table.Count + 1 == 1023) width = 11;
            else if (table.Count + 1 == 2047) width = 12;
            else if (table.Count + 1 == 4094)
            {
                Emit(256);
                Clear();
            }
            prefix = ((char)b).ToString();
        }
        if (prefix != "") Emit(table[prefix]);
        Emit(257);
        if (held > 0) packed.Add((byte)(bits << (8 - held)));
        return [.. packed];

        void Clear()
        {
            table.Clear();
            for (var i = 0; i < 256; i++) table[((char)i).ToString()] = i;
            width = 9;
        }

        void Emit(int code)
        {
            (bits, held) = (bits << width | (long)code, held + width);
            while (held >= 8)
            {
                held -= 8;
                packed.Add((byte)(bits >> held));
            }
        }
    }

    private sealed class Bytes(bool bigEndian)
    {
        private readonly List<byte> bytes = [];

        public long Position => bytes.Count;

        public byte[] ToArray() => [.. bytes];

        public void Raw(params byte[] more) => bytes.AddRange(more);

        public void Number(long value, int size)
        {
            for (var i = 0; i < size; i++) bytes.Add((byte)(value >> 8 * (bigEndian ? size - 1 - i : i)));
        }

        public void Patch(long at, long value, int size)
        {
            for (var i = 0; i < size; i++) bytes[(int)at + i] = (byte)(value >> 8 * (bigEndian ? size - 1 - i : i));
        }
    }
}
