// The idea: every LZW string is an earlier string and one byte more, and the decoder has already written it: the string
// of code c is the bytes at start[c] .. start[c] + length[c] of its own output. So no table of strings is kept, and a
// code is one copy. Source: TIFF 6.0, section 13: codes high bits first, 9 to 12 bits, the width grows one code early.
namespace Connecto.Volumes.Slices;

internal static class TiffLzw
{
    private const int Clear = 256, End = 257, FirstFree = 258, Last = 4096;

    /// <summary>Unpacks until either side is used up; returns the bytes made.</summary>
    /// <exception cref="InvalidDataException">A code that no encoder can have written here.</exception>
    public static int Decode(ReadOnlySpan<byte> packed, Span<byte> into, TiffSource source)
    {
        if (packed.Length >= 2 && packed[0] == 0 && (packed[1] & 1) != 0)
            throw source.Refuse(
                "is compressed with the LZW of TIFF 4 (low bits first)", "LZW as TIFF 6 defines it can be read");
        var (start, length) = (new int[Last], new int[Last]);
        int made = 0, next = FirstFree, width = 9, previous = -1, previousLength = 0;
        ulong bits = 0;
        int held = 0, at = 0;
        while (made < into.Length)
        {
            while (held < width && at < packed.Length) (bits, held) = (bits << 8 | packed[at++], held + 8);
            if (held < width) break;
            held -= width;
            var code = (int)(bits >> held) & ((1 << width) - 1);
            if (code == End) break;
            if (code == Clear)
            {
                (next, width, previous) = (FirstFree, 9, -1);
                continue;
            }

            var written = made;
            if (code < 256)
                into[made++] = (byte)code;
            else if (previous >= 0 && code <= next && code >= FirstFree)
            {
                // Code "next" is the string being defined: the previous one and its own first byte, which overlaps.
                var (from, count) = code < next ? (start[code], length[code]) : (previous, previousLength + 1);
                count = Math.Min(count, into.Length - made);
                for (var i = 0; i < count; i++) into[made + i] = into[from + i];
                made += count;
            }
            else
                throw source.Bad($"is damaged: its LZW data holds code {code} where at most {next} can stand");

            if (previous >= 0 && next < Last)
            {
                (start[next], length[next]) = (previous, previousLength + 1);
                next++;
            }
            (previous, previousLength) = (written, made - written);
            if (next >= (1 << width) - 1 && width < 12) width++;
        }
        return made;
    }
}
