using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>What a block of fragments adds to the region graph: its fragments, the faces between them, and its six outer
/// sides, from which the faces to other blocks are measured.</summary>
/// <remarks>It is measured while the block is in memory and kept in a file, so that neither fragments nor affinities are
/// read again. About 0.3 bytes a voxel.</remarks>
public sealed class BlockGraph
{
    private readonly FragmentContact[] _contacts;
    private readonly BlockFace[] _lower, _upper;

    private BlockGraph(int index, FragmentTally[] tallies, FragmentContact[] contacts, BlockFace[] lower, BlockFace[] upper) =>
        (Index, Tallies, _contacts, _lower, _upper) = (index, tallies, contacts, lower, upper);

    /// <summary>The block's number; see <see cref="FragmentBlock.IdBase"/>.</summary>
    public int Index { get; }

    /// <summary>Fragment i + 1 of the block at place i.</summary>
    public IReadOnlyList<FragmentTally> Tallies { get; }

    internal ReadOnlySpan<FragmentContact> Contacts => _contacts;

    /// <summary>Measures a block.</summary>
    /// <param name="labels">Its fragments, 1..<paramref name="count"/>; 0 = background.</param>
    /// <param name="count">Fragments.</param>
    /// <param name="affinities">Of the block and what lies around it; channels 0, 1, 2.</param>
    /// <param name="core">The block, in the frame of <paramref name="affinities"/>.</param>
    /// <param name="origin">The block's first voxel in the volume.</param>
    /// <param name="index">The block's number, from 0.</param>
    public static BlockGraph Measure(Volume<uint> labels, int count, Volume<byte> affinities, Box core, Index3 origin, int index)
    {
        if (labels.Shape != core.Shape || affinities.Channels < 3 || !Box.Of(affinities.Shape).Contains(core))
            throw new ArgumentException(
                $"Affinities {affinities.Channels} x {affinities.Shape} do not cover {core}, or labels {labels.Shape} do not.");
        var measure = new BlockMeasure(labels, affinities, core, origin);
        var tallies = new FragmentTally[count];
        measure.Run(tallies);
        var idBase = FragmentBlock.IdBase(index);
        FragmentContact[] contacts =
            [.. measure.Pairs.All().Select(p => new FragmentContact(idBase + p.A, idBase + p.B, p.Sum.ToContact()))];
        return new BlockGraph(index, tallies, contacts, Faces(0), Faces(1));

        BlockFace[] Faces(int side)
        {
            var (s, upper) = (labels.Shape, side == 1);
            int z = upper ? s.Z - 1 : 0, y = upper ? s.Y - 1 : 0, x = upper ? s.X - 1 : 0;
            return
            [
                BlockFace.Take(s.Y, s.X, (r, c) => labels[z, r, c], upper ? null : (r, c) => measure.Affinity(0, 0, r, c),
                    (r, c) => measure.IsInterior(z, r, c)),
                BlockFace.Take(s.Z, s.X, (r, c) => labels[r, y, c], upper ? null : (r, c) => measure.Affinity(1, r, 0, c), null),
                BlockFace.Take(s.Z, s.Y, (r, c) => labels[r, c, x], upper ? null : (r, c) => measure.Affinity(2, r, c, 0), null),
            ];
        }
    }

    /// <summary>The faces between this block and one that follows it.</summary>
    /// <param name="above">The block that begins where this one ends on the axis, of the same extent on the others.</param>
    /// <param name="axis">0, 1, 2 for z, y, x.</param>
    internal IEnumerable<FragmentContact> ContactsTo(BlockGraph above, int axis)
    {
        var pairs = new PairTable();
        BlockFace.Measure(_upper[axis], above._lower[axis], pairs);
        var (a, b) = (FragmentBlock.IdBase(Index), FragmentBlock.IdBase(above.Index));
        return pairs.All().Select(p => new FragmentContact(a + p.A, b + p.B, p.Sum.ToContact()));
    }

    /// <summary>Writes all of it.</summary>
    public void Write(Stream stream)
    {
        using var to = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        to.Write(Index);
        var tallies = (FragmentTally[])Tallies;
        to.Write(tallies.Length);
        to.Write(MemoryMarshal.AsBytes(tallies.AsSpan()));
        to.Write(_contacts.Length);
        to.Write(MemoryMarshal.AsBytes(_contacts.AsSpan()));
        foreach (var face in _lower.Concat(_upper)) face.Write(to);
    }

    /// <summary>Reads what was written.</summary>
    /// <exception cref="EndOfStreamException">There is less.</exception>
    public static BlockGraph Read(Stream stream)
    {
        using var from = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        var index = from.ReadInt32();
        var (tallies, contacts) = (Values<FragmentTally>(), Values<FragmentContact>());
        var faces = new BlockFace[6];
        for (var i = 0; i < faces.Length; i++) faces[i] = BlockFace.Read(from);
        return new BlockGraph(index, tallies, contacts, faces[..3], faces[3..]);

        T[] Values<T>() where T : unmanaged
        {
            var values = new T[from.ReadInt32()];
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }
    }
}
