using System.Globalization;

namespace Connecto.Volumes.Precomputed;

/// <summary>One resolution of a volume, as its info file lists it; (z, y, x) order.</summary>
internal sealed record PrecomputedScale
{
    /// <summary>The folder of the chunks, relative to the volume's.</summary>
    public required string Key { get; init; }

    public required Index3 Shape { get; init; }

    public required VoxelSize VoxelSize { get; init; }

    public required Index3 Chunk { get; init; }

    public required Index3 Offset { get; init; }

    public required PrecomputedEncoding Encoding { get; init; }

    /// <summary>Block of compressed_segmentation; not used by other encodings.</summary>
    public Index3 Block { get; init; } = new(8, 8, 8);

    /// <summary>The usual key: the voxel's lengths in nm, x_y_z.</summary>
    public static string KeyOf(VoxelSize size) =>
        string.Create(CultureInfo.InvariantCulture, $"{size.X}_{size.Y}_{size.Z}");

    /// <summary>The name of the chunk that holds a box, without .gz: global begin and end of x, y, z.</summary>
    public string ChunkName(Box chunk)
    {
        var (begin, end) = (chunk.Begin + Offset, chunk.End + Offset);
        return string.Create(CultureInfo.InvariantCulture, $"{begin.X}-{end.X}_{begin.Y}-{end.Y}_{begin.Z}-{end.Z}");
    }

    /// <summary>The chunks that a box touches, whole, z slowest.</summary>
    public IEnumerable<Box> ChunksOf(Box box)
    {
        if (box.IsEmpty) return [];
        var begin = new Index3(
            box.Begin.Z / Chunk.Z * Chunk.Z, box.Begin.Y / Chunk.Y * Chunk.Y, box.Begin.X / Chunk.X * Chunk.X);
        return new Box(begin, box.End).Tile(Chunk)
            .Select(chunk => new Box(chunk.Begin, Index3.Min(chunk.Begin + Chunk, Shape)));
    }
}
