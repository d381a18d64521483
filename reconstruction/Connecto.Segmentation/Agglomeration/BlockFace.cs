using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Segmentation;

/// <summary>The outermost voxels of a block on one side of one axis: what a neighbour must know to measure the faces
/// between them.</summary>
internal sealed class BlockFace
{
    private BlockFace(uint[] labels, byte[] affinities, byte[] interior) =>
        (Labels, Affinities, Interior) = (labels, affinities, interior);

    /// <summary>Labels, row by row.</summary>
    public uint[] Labels { get; }

    /// <summary>Affinities across the face; empty on the upper side, whose faces belong to the neighbour.</summary>
    public byte[] Affinities { get; }

    /// <summary>Across z, 1 where a voxel lies inside a cell; empty across y and x.</summary>
    public byte[] Interior { get; }

    /// <summary>Takes the voxels of a face.</summary>
    /// <param name="rows">Rows of the face.</param>
    /// <param name="columns">Voxels of a row.</param>
    /// <param name="labelOf">The label of a voxel of a row.</param>
    /// <param name="affinityOf">Its affinity across the face, or null.</param>
    /// <param name="interiorOf">1 where it is interior, or null.</param>
    public static BlockFace Take(int rows, int columns, Func<int, int, uint> labelOf, Func<int, int, byte>? affinityOf,
        Func<int, int, byte>? interiorOf)
    {
        var count = rows * columns;
        var face = new BlockFace(new uint[count], new byte[affinityOf is null ? 0 : count],
            new byte[interiorOf is null ? 0 : count]);
        for (int r = 0, i = 0; r < rows; r++)
            for (var c = 0; c < columns; c++, i++)
            {
                face.Labels[i] = labelOf(r, c);
                if (affinityOf is not null) face.Affinities[i] = affinityOf(r, c);
                if (interiorOf is not null) face.Interior[i] = interiorOf(r, c);
            }
        return face;
    }

    /// <summary>Measures the faces between the upper side of one block and the lower side of the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Measure(BlockFace below, BlockFace above, PairTable pairs)
    {
        for (var i = 0; i < above.Labels.Length; i++)
        {
            uint a = below.Labels[i], b = above.Labels[i];
            if (a == 0 || b == 0) continue;
            ref var sum = ref pairs[a, b];
            int face = above.Affinities[i];
            if (above.Interior.Length == 0)
            {
                sum.PlaneCount++;
                sum.PlaneSum += face;
                sum.PlaneSquares += face * face;
                continue;
            }
            sum.ZCount++;
            sum.ZSum += face;
            sum.ZSquares += face * face;
            sum.Rising++;
            if ((above.Interior[i] & below.Interior[i]) == 0) continue;
            sum.InteriorCount++;
            sum.InteriorSum += face;
            sum.InteriorSquares += face * face;
        }
    }

    /// <summary>Writes the face.</summary>
    public void Write(BinaryWriter to)
    {
        foreach (var part in new[] { MemoryMarshal.AsBytes(Labels.AsSpan()).ToArray(), Affinities, Interior })
        {
            to.Write(part.Length);
            to.Write(part);
        }
    }

    /// <summary>Reads a face that was written.</summary>
    public static BlockFace Read(BinaryReader from)
    {
        var labels = MemoryMarshal.Cast<byte, uint>(Part()).ToArray();
        return new BlockFace(labels, Part(), Part());

        byte[] Part()
        {
            var length = from.ReadInt32();
            var part = from.ReadBytes(length);
            return part.Length == length ? part : throw new EndOfStreamException();
        }
    }
}
