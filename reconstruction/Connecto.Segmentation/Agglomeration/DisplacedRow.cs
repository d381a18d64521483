using Connecto.Segmentation.Alignment;
using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Where a block's voxels lie in an aligned stack.</summary>
/// <param name="Alignment">How the stack's sections lie over each other.</param>
/// <param name="Origin">The stack's coordinates of the first voxel at hand.</param>
public sealed record AlignedPlace(StackAlignment Alignment, Index3 Origin);

/// <summary>What lies under a row of voxels, when the section below is displaced.</summary>
/// <remarks>Places outside the section are background. One look-up a cell of
/// <see cref="StackAlignment.CellPixels"/>.</remarks>
internal sealed class DisplacedRow(Volume<ulong> fragments, Volume<byte> affinities, AlignedPlace place, int length)
{
    private readonly ulong[] _fragments = new ulong[length];
    private readonly bool[] _inside = new bool[length];

    /// <summary>Ids of the fragments below.</summary>
    public ReadOnlySpan<ulong> Fragments => _fragments;

    /// <summary>Whether those voxels lie inside their cell; see <see cref="InteriorRow"/>.</summary>
    public ReadOnlySpan<bool> Inside => _inside;

    /// <summary>Looks under the row from (z, y, beginX) on, in the frame of the fragments; z is above 0.</summary>
    public void Load(int z, int y, int beginX)
    {
        var (shape, origin) = (fragments.Shape, place.Origin);
        ReadOnlySpan<byte> ay = affinities.Channel(1), ax = affinities.Channel(2);
        for (int i = 0, past; i < length; i = past)
        {
            var x = beginX + i;
            past = Math.Min(length, ((origin.X + x) / StackAlignment.CellPixels + 1) * StackAlignment.CellPixels - origin.X - beginX);
            var (dy, dx) = place.Alignment.Shift(origin.Z + z, origin.Z + z - 1, origin.Y + y, origin.X + x);
            var row = y + dy;
            for (var k = i; k < past; k++)
            {
                var column = beginX + k + dx;
                if ((uint)row >= (uint)shape.Y || (uint)column >= (uint)shape.X)
                {
                    (_fragments[k], _inside[k]) = (0, false);
                    continue;
                }
                var at = ((z - 1) * shape.Y + row) * shape.X + column;
                _fragments[k] = fragments.Data[at];
                _inside[k] = (origin.X + column == 0 || ax[at] >= InteriorRow.Least)
                    && (origin.Y + row == 0 || ay[at] >= InteriorRow.Least);
            }
        }
    }
}
