using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Affinities as a flood wants them: all of a voxel in one word.</summary>
/// <remarks>Byte 0, 1, 2: what it costs (255 - affinity) to cross to the lower neighbour in x, y, z; byte 3: which of
/// the six neighbours there are. One load a voxel in place of three, and no coordinates to work out: 2 to 3 times the
/// speed.</remarks>
internal static class FaceCosts
{
    public const int LowerX = 1, UpperX = 2, LowerY = 4, UpperY = 8, LowerZ = 16, UpperZ = 32;

    /// <summary>Fills the words of a volume; <paramref name="z"/> may be empty for one section.</summary>
    public static void Fill(Index3 shape, ReadOnlySpan<byte> z, ReadOnlySpan<byte> y, ReadOnlySpan<byte> x,
        Span<uint> faces)
    {
        for (var row = 0; row < shape.Z * shape.Y; row++)
        {
            var (section, line) = Math.DivRem(row, shape.Y);
            var flags = (line > 0 ? LowerY : 0) | (line + 1 < shape.Y ? UpperY : 0)
                | (section > 0 ? LowerZ : 0) | (section + 1 < shape.Z ? UpperZ : 0) | LowerX | UpperX;
            var at = row * shape.X;
            var to = faces.Slice(at, shape.X);
            ReadOnlySpan<byte> ax = x.Slice(at, shape.X), ay = y.Slice(at, shape.X);
            if (z.IsEmpty)
                for (var i = 0; i < to.Length; i++)
                    to[i] = 255u - ax[i] | (255u - ay[i]) << 8 | (uint)flags << 24;
            else
            {
                var az = z.Slice(at, shape.X);
                for (var i = 0; i < to.Length; i++)
                    to[i] = 255u - ax[i] | (255u - ay[i]) << 8 | (255u - az[i]) << 16 | (uint)flags << 24;
            }
            to[0] &= ~((uint)LowerX << 24);
            to[^1] &= ~((uint)UpperX << 24);
        }
    }
}
