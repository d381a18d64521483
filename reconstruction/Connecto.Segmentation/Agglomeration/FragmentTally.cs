using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Voxels of a fragment, and where they lie in the volume; sums are whole numbers, so order does not
/// matter.</summary>
/// <param name="Voxels">How many.</param>
/// <param name="SumZ">Sum of their z.</param>
/// <param name="SumY">Sum of their y.</param>
/// <param name="SumX">Sum of their x.</param>
/// <param name="Begin">The least place on every axis.</param>
/// <param name="End">One past the greatest.</param>
public record struct FragmentTally(long Voxels, long SumZ, long SumY, long SumX, Index3 Begin, Index3 End)
{
    /// <summary>No voxel.</summary>
    public static FragmentTally None => new(0, 0, 0, 0, new(int.MaxValue, int.MaxValue, int.MaxValue),
        new(int.MinValue, int.MinValue, int.MinValue));

    /// <summary>Adds the voxels of a row from <paramref name="begin"/> to before <paramref name="end"/>.</summary>
    public void AddRun(int z, int y, int begin, int end)
    {
        long n = end - begin;
        Voxels += n;
        SumZ += z * n;
        SumY += y * n;
        SumX += (begin + (long)end - 1) * n / 2;
        Begin = Index3.Min(Begin, new(z, y, begin));
        End = Index3.Max(End, new(z + 1, y + 1, end));
    }
}
