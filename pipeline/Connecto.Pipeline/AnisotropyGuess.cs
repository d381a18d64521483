using Connecto.Volumes;
using Connecto.Volumes.Slices;

namespace Connecto.Pipeline;

/// <summary>Guesses whether a stack is isotropic when nobody says its voxel size.</summary>
/// <remarks>
/// Sections as thin as pixels are wide differ from the next section about as much as the image differs from itself one
/// pixel to the side; ssTEM sections, ten times thicker, differ as much as the image does ten pixels away. So the mean
/// change from section to section is compared with the mean change over four pixels, after 3 x 3 averaging against
/// noise. Given up: the size itself, which no picture tells; a typical one is taken.
/// </remarks>
internal static class AnisotropyGuess
{
    private static readonly VoxelSize Isotropic = new(10, 10, 10), Serial = new(50, 4, 4);
    private const int Pixels = 4, Pairs = 4;

    public static VoxelSize Of(SliceStack stack, SectionRange sections)
    {
        var shape = stack.Shape;
        if (shape.Y < 16 || shape.X < 16) return Serial;
        double across = 0, within = 0;
        var step = Math.Max(1, (sections.End - sections.Begin - 1) / Pairs);
        for (var z = sections.Begin; z + 1 < sections.End; z += step)
        {
            var (a, b) = (Smooth(stack, z), Smooth(stack, z + 1));
            across += MeanChange(a, b, shape.X, 0);
            within += MeanChange(a, a, shape.X, Pixels);
        }
        return across <= within ? Isotropic : Serial;
    }

    private static double MeanChange(float[] a, float[] b, int width, int shift)
    {
        double sum = 0;
        long n = 0;
        for (var row = 0; row < a.Length; row += width)
            for (var x = 1; x + shift + 1 < width; x++, n++)
                sum += Math.Abs(a[row + x] - b[row + x + shift]);
        return sum / Math.Max(1, n);
    }

    private static float[] Smooth(SliceStack stack, int z)
    {
        var (height, width) = (stack.Shape.Y, stack.Shape.X);
        var raw = new uint[height * width];
        stack.ReadSlice(z, raw.AsSpan());
        var smooth = new float[raw.Length];
        for (var y = 1; y + 1 < height; y++)
            for (var x = 1; x + 1 < width; x++)
            {
                float sum = 0;
                for (var dy = -1; dy <= 1; dy++)
                    for (var dx = -1; dx <= 1; dx++)
                        sum += raw[(y + dy) * width + x + dx];
                smooth[y * width + x] = sum / 9;
            }
        return smooth;
    }
}
