using System.Runtime.InteropServices;
using Connecto.Segmentation.Alignment;
using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Collects a <see cref="RegionGraph"/> block by block.</summary>
/// <remarks>
/// The idea: every face belongs to the voxel on its upper side, so a block counts the faces to the lower neighbours of
/// its own voxels, those in the blocks before it included, and no face is counted twice. Faces between the same two
/// fragments come in runs along x; a run costs one look-up. All sums are whole numbers, so neither the cut into blocks
/// nor their order matters. Given up: quantiles of the affinities; sums and sums of squares serve the merging rule.
/// </remarks>
public sealed class RegionGraphBuilder
{
    private readonly Lock _lock = new();
    private readonly List<FragmentContact[]> _contacts = [];
    private readonly List<(ulong Id, long Voxels)[]> _sizes = [];

    /// <summary>Adds all of a volume.</summary>
    /// <exception cref="ArgumentException">Shapes differ.</exception>
    public void Add(Volume<ulong> fragments, Volume<byte> affinities) =>
        Add(fragments, affinities, Box.Of(fragments.Shape));

    /// <summary>Adds a block: the voxels of <paramref name="core"/> and the faces to their lower neighbours.</summary>
    /// <param name="fragments">Ids, 0 = background; the block, and one voxel below it on every axis where the volume
    /// goes on there.</param>
    /// <param name="affinities">Channels 0, 1, 2 for the same voxels; see <see cref="Watershed.Flood"/>.</param>
    /// <param name="core">The block, in the frame of <paramref name="fragments"/>.</param>
    /// <param name="place">Where the voxels lie in a stack whose sections are displaced; then they must reach beyond the
    /// block by the alignment's <see cref="StackAlignment.Reach"/> in y and x, as far as the volume goes. Null for sections
    /// that lie as they are.</param>
    /// <exception cref="ArgumentException">Shapes differ, or the core leaves the volume.</exception>
    /// <remarks>May be called from several threads.</remarks>
    public void Add(Volume<ulong> fragments, Volume<byte> affinities, Box core, AlignedPlace? place = null)
    {
        if (affinities.Channels < 3 || affinities.Shape != fragments.Shape || fragments.Channels != 1)
            throw new ArgumentException(
                $"Affinities {affinities.Channels} x {affinities.Shape} do not fit fragments {fragments.Shape}.");
        if (!Box.Of(fragments.Shape).Contains(core))
            throw new ArgumentException($"Block {core} leaves the fragments {fragments.Shape}.", nameof(core));
        if (core.IsEmpty) return;

        var contacts = new ContactTable();
        var sizes = new Dictionary<ulong, long>();
        if (place is { Alignment.IsIdentity: true }) place = null;
        var displaced = place is null ? null : new DisplacedRow(fragments, affinities, place, core.Shape.X);
        for (var z = core.Begin.Z; z < core.End.Z; z++)
            for (var y = core.Begin.Y; y < core.End.Y; y++)
                AddRow(fragments, affinities, z, y, core.Begin.X, core.End.X, contacts, sizes, displaced);
        lock (_lock)
        {
            _contacts.Add([.. contacts.Contacts()]);
            _sizes.Add([.. sizes.Select(s => (s.Key, s.Value))]);
        }
    }

    /// <summary>Adds a block that was measured: its fragments and the faces within it.</summary>
    /// <remarks>May be called from several threads.</remarks>
    public void Add(BlockGraph block)
    {
        var idBase = FragmentBlock.IdBase(block.Index) + 1;
        lock (_lock)
        {
            _contacts.Add(block.Contacts.ToArray());
            _sizes.Add([.. block.Tallies.Select((t, i) => (idBase + (ulong)i, t.Voxels))]);
        }
    }

    /// <summary>Adds the faces between two blocks that were measured.</summary>
    /// <param name="below">The block before.</param>
    /// <param name="above">The block that begins where it ends on the axis, of the same extent on the others.</param>
    /// <param name="axis">0, 1, 2 for z, y, x.</param>
    /// <remarks>May be called from several threads.</remarks>
    public void AddFaces(BlockGraph below, BlockGraph above, int axis)
    {
        FragmentContact[] contacts = [.. below.ContactsTo(above, axis)];
        lock (_lock) _contacts.Add(contacts);
    }

    /// <summary>The graph of all blocks added so far.</summary>
    public RegionGraph Build()
    {
        lock (_lock)
        {
            var (ids, sizes) = SumSizes();
            var (a, b, contacts) = SumContacts(ids);
            return new RegionGraph(ids, sizes, a, b, contacts);
        }
    }

    private static void AddRow(Volume<ulong> fragments, Volume<byte> affinities, int z, int y, int beginX, int endX,
        ContactTable contacts, Dictionary<ulong, long> sizes, DisplacedRow? displaced)
    {
        int rowLength = fragments.Shape.X, length = endX - beginX;
        var at = (z * fragments.Shape.Y + y) * rowLength + beginX;
        var row = fragments.Data.AsSpan(at, length);
        var x = affinities.Channel(2).Slice(at, length);
        for (var i = 0; i < length;)
        {
            var id = row[i];
            var before = i > 0 ? row[i - 1] : beginX > 0 ? fragments.Data[at - 1] : 0;
            if (id != 0 && before != 0 && id != before) contacts.AddPlane(before, id, Faces.Of(x[i]));
            var begin = i++;
            while (i < length && row[i] == id) i++;
            if (id == 0) continue;
            CollectionsMarshal.GetValueRefOrAddDefault(sizes, id, out _) += i - begin;
        }
        if (y > 0)
            AddFaces(row, fragments.Data.AsSpan(at - rowLength, length), affinities.Channel(1).Slice(at, length),
                contacts);
        if (z == 0) return;
        var inside = new InteriorRow(affinities, z, y, beginX, length);
        if (displaced is not null)
        {
            displaced.Load(z, y, beginX);
            AddFacesAcross(row, displaced.Fragments, affinities.Channel(0).Slice(at, length), inside,
                new InteriorPlaces(displaced.Inside), contacts);
        }
        else
            AddFacesAcross(row, fragments.Data.AsSpan(at - fragments.Shape.Y * rowLength, length),
                affinities.Channel(0).Slice(at, length), inside,
                new InteriorRow(affinities, z - 1, y, beginX, length), contacts);
    }

    private static void AddFaces(ReadOnlySpan<ulong> row, ReadOnlySpan<ulong> lower, ReadOnlySpan<byte> affinity,
        ContactTable contacts)
    {
        for (var i = 0; i < row.Length;)
        {
            ulong a = row[i], b = lower[i];
            if (a == b || a == 0 || b == 0) { i++; continue; }
            var begin = i;
            long sum = 0, squares = 0;
            do
            {
                int face = affinity[i++];
                sum += face;
                squares += face * face;
            }
            while (i < row.Length && row[i] == a && lower[i] == b);
            contacts.AddPlane(a, b, new(i - begin, sum, squares));
        }
    }

    private static void AddFacesAcross<TLower>(ReadOnlySpan<ulong> row, ReadOnlySpan<ulong> lower,
        ReadOnlySpan<byte> affinity, InteriorRow inside, TLower insideLower, ContactTable contacts)
        where TLower : IInterior, allows ref struct
    {
        for (var i = 0; i < row.Length;)
        {
            ulong a = row[i], b = lower[i];
            if (a == b || a == 0 || b == 0) { i++; continue; }
            Faces all = default, interior = default;
            do
            {
                var face = Faces.Of(affinity[i]);
                all += face;
                if (inside[i] && insideLower[i]) interior += face;
                i++;
            }
            while (i < row.Length && row[i] == a && lower[i] == b);
            contacts.AddZ(a, b, all, interior);
        }
    }

    private (ulong[] Ids, long[] Sizes) SumSizes()
    {
        var all = _sizes.SelectMany(s => s).ToArray();
        Array.Sort(all);
        var count = 0;
        for (var i = 0; i < all.Length; i++)
            if (count > 0 && all[count - 1].Id == all[i].Id) all[count - 1].Voxels += all[i].Voxels;
            else all[count++] = all[i];
        var (ids, sizes) = (new ulong[count], new long[count]);
        for (var i = 0; i < count; i++) (ids[i], sizes[i]) = all[i];
        return (ids, sizes);
    }

    private (int[] A, int[] B, Contact[] Contacts) SumContacts(ulong[] ids)
    {
        var all = new FragmentContact[_contacts.Sum(c => c.Length)];
        var end = 0;
        foreach (var part in _contacts)
        {
            part.CopyTo(all, end);
            end += part.Length;
        }
        Array.Sort(all);
        var count = 0;
        for (var i = 0; i < all.Length; i++)
            if (count > 0 && all[count - 1].CompareTo(all[i]) == 0) all[count - 1].Contact += all[i].Contact;
            else all[count++] = all[i];

        var (a, b, contacts) = (new int[count], new int[count], new Contact[count]);
        for (var i = 0; i < count; i++)
        {
            a[i] = IndexOf(ids, all[i].A);
            b[i] = IndexOf(ids, all[i].B);
            contacts[i] = all[i].Contact;
        }
        return (a, b, contacts);
    }

    private static int IndexOf(ulong[] ids, ulong id)
    {
        var index = Array.BinarySearch(ids, id);
        return index >= 0 ? index : throw new InvalidOperationException(
            $"Fragment {id} was met below a block only; the block that holds it was not added.");
    }
}
