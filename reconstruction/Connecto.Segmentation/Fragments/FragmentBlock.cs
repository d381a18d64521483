using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Fragments of one block of a volume of any size: distances with a halo, the flood within the block
/// alone.</summary>
/// <remarks>A block's fragments depend on the affinities of the block and its halo alone, so blocks may be computed in
/// any order, on any machine. Fragments end at block faces; the region graph joins them across.</remarks>
public static class FragmentBlock
{
    /// <summary>The halo that a block is flooded with: far enough that distances inside it
    /// see the boundary beyond.</summary>
    /// <remarks>160 nm, the radius of a thick neurite, in the flooded dimensions, and at least 8 voxels; none in z when
    /// sections are flooded one by one.</remarks>
    public static Index3 Halo(VoxelSize voxelSize, WatershedOptions options)
    {
        const double Nm = 160;
        return new(options.Dimensions == FloodDimensions.Section ? 0 : Voxels(voxelSize.Z), Voxels(voxelSize.Y),
            Voxels(voxelSize.X));

        static int Voxels(double pitch) => Math.Max(8, (int)Math.Ceiling(Nm / pitch));
    }

    /// <summary>The first id of a block's fragments less one: blockIndex * 2^32.</summary>
    public static ulong IdBase(int blockIndex) => (ulong)blockIndex << 32;

    /// <summary>Floods a block.</summary>
    /// <param name="affinities">The affinities of <paramref name="read"/>; see <see cref="Watershed.Flood"/>.</param>
    /// <param name="read">The block with its halo, clipped to the volume.</param>
    /// <param name="core">The block, inside <paramref name="read"/>, in the same frame.</param>
    /// <param name="voxelSize">nm.</param>
    /// <param name="options">Thresholds.</param>
    /// <param name="blockIndex">The block's number, from 0; it makes the ids unique.</param>
    /// <returns>The fragments of <paramref name="core"/>: ids <see cref="IdBase"/> + 1..n, every one
    /// 6-connected.</returns>
    /// <exception cref="ArgumentException">The core leaves the read box, or the affinities have another
    /// shape.</exception>
    public static Volume<ulong> Flood(Volume<byte> affinities, Box read, Box core, VoxelSize voxelSize,
        WatershedOptions options, int blockIndex)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(blockIndex);
        if (affinities.Shape != read.Shape || !read.Contains(core))
            throw new ArgumentException(
                $"Affinities {affinities.Shape} do not cover {read}, or it does not hold {core}.");
        using var flood = new BlockFlood(voxelSize, options);
        var labels = new Volume<uint>(core.Shape);
        flood.Label(affinities, core.Shift(default(Index3) - read.Begin), labels);
        var pieces = new Volume<ulong>(core.Shape);
        var idBase = IdBase(blockIndex);
        for (var i = 0; i < labels.Data.Length; i++)
            if (labels.Data[i] is var label and not 0)
                pieces.Data[i] = idBase + label;
        return pieces;
    }
}
