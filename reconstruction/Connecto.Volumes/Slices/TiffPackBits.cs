namespace Connecto.Volumes.Slices;

/// <summary>PackBits (TIFF 6.0, section 9): runs of one byte, and runs of bytes as they are.</summary>
internal static class TiffPackBits
{
    /// <summary>Unpacks until either side is used up; returns the bytes made.</summary>
    public static int Decode(ReadOnlySpan<byte> packed, Span<byte> into)
    {
        var made = 0;
        while (packed.Length > 0 && made < into.Length)
        {
            var control = (sbyte)packed[0];
            packed = packed[1..];
            if (control == -128) continue;
            if (control >= 0)
            {
                var count = Math.Min(Math.Min(control + 1, packed.Length), into.Length - made);
                packed[..count].CopyTo(into[made..]);
                packed = packed[count..];
                made += count;
            }
            else
            {
                if (packed.Length == 0) break;
                var count = Math.Min(1 - control, into.Length - made);
                into.Slice(made, count).Fill(packed[0]);
                packed = packed[1..];
                made += count;
            }
        }
        return made;
    }
}
