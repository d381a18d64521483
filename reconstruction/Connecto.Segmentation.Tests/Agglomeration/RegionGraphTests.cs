using Connecto.Segmentation.Alignment;
using Connecto.Volumes;

namespace Connecto.Segmentation;

public class RegionGraphTests
{
    [Fact]
    public void Build_agrees_with_a_count_face_by_face_however_the_volume_is_cut()
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var fragments = Toy.Noise(new(5, 7, 9), 6, seed);
            var affinities = Toy.SmoothAffinities(fragments.Shape, seed);
            var expected = Naive(fragments, affinities);
            foreach (var block in new[] { new Index3(5, 7, 9), new(2, 3, 4), new(1, 1, 1), new(5, 2, 9) })
            {
                var graph = ByBlocks(fragments, affinities, block, seed);
                Assert.Equal(fragments.Data.Where(f => f != 0).Distinct().Order(), graph.Fragments.ToArray());
                for (var i = 0; i < graph.Fragments.Length; i++)
                    Assert.Equal(fragments.Data.LongCount(f => f == graph.Fragments[i]), graph.Sizes[i]);
                var edges = Enumerable.Range(0, graph.EdgeCount)
                    .Select(e => (graph.Fragments[graph.A[e]], graph.Fragments[graph.B[e]], graph.Contacts[e]));
                Assert.Equal(expected.OrderBy(e => e.Key).Select(e => (e.Key.Item1, e.Key.Item2, e.Value)), edges);
            }
        }
    }

    [Fact]
    public void Displaced_sections_meet_where_they_lie_however_the_volume_is_cut()
    {
        var shape = new Index3(4, 19, 30);
        var field = new SectionField(19, 30, 2, 2, [1, -3, 2, 0.4f], [-2, 4, 0, 1.6f]);
        var alignment = new StackAlignment([null, field, null, new(19, 30, 1, 1, [5], [-6])]);
        var fragments = Toy.Noise(shape, 7, 5);
        var affinities = Toy.SmoothAffinities(shape, 5);
        var expected = Naive(fragments, affinities, alignment).OrderBy(e => e.Key).Select(e => (e.Key.Item1, e.Key.Item2, e.Value));
        foreach (var block in new[] { shape, new(2, 7, 9), new(1, 19, 4), new(4, 5, 30) })
        {
            var graph = ByBlocks(fragments, affinities, block, 5, alignment);
            Assert.Equal(expected, Enumerable.Range(0, graph.EdgeCount)
                .Select(e => (graph.Fragments[graph.A[e]], graph.Fragments[graph.B[e]], graph.Contacts[e])));
        }
    }

    [Fact]
    public void The_noise_has_faces_inside_cells_and_others()
    {
        var contacts = Naive(Toy.Noise(new(5, 7, 9), 6, 1), Toy.SmoothAffinities(new(5, 7, 9), 1)).Values;
        long all = contacts.Sum(c => c.Z.Count), interior = contacts.Sum(c => c.Interior.Count);
        Assert.InRange(interior, all / 10, all * 9 / 10);
    }

    [Fact]
    public void Blocks_measured_by_themselves_and_joined_at_their_sides_give_the_same_graph()
    {
        foreach (var (block, seed) in new[] { (new Index3(5, 7, 40), 1), (new(2, 3, 19), 2), (new(1, 1, 1), 3), (new(5, 2, 40), 4) })
        {
            var fragments = Toy.Noise(new(5, 7, 40), 6, seed);
            var affinities = Toy.SmoothAffinities(fragments.Shape, seed);
            Box[] boxes = [.. Box.Of(fragments.Shape).Tile(block)];
            var builder = new RegionGraphBuilder();
            var blocks = boxes.Select((box, b) => Measure(fragments, affinities, box, b)).ToArray();
            foreach (var own in blocks) builder.Add(own);
            for (var i = 0; i < boxes.Length; i++)
                for (var j = 0; j < boxes.Length; j++)
                {
                    var (begin, end) = (boxes[i].Begin, boxes[i].End);
                    Index3[] next = [begin with { Z = end.Z }, begin with { Y = end.Y }, begin with { X = end.X }];
                    if (Array.IndexOf(next, boxes[j].Begin) is var axis and >= 0) builder.AddFaces(blocks[i], blocks[j], axis);
                }
            var (graph, expected) = (builder.Build(), ByBlocks(fragments, affinities, block, seed));
            Assert.Equal(expected.Fragments, graph.Fragments);
            Assert.Equal(expected.Sizes, graph.Sizes);
            Assert.Equal(expected.A, graph.A);
            Assert.Equal(expected.B, graph.B);
            Assert.Equal(expected.Contacts, graph.Contacts);
        }
    }

    [Fact]
    public void Tallies_count_voxels_and_their_places_in_the_volume()
    {
        var fragments = Toy.Noise(new(4, 6, 30), 5, 7);
        var box = new Box(new(1, 2, 3), new(4, 5, 29));
        var block = Measure(fragments, Toy.SmoothAffinities(fragments.Shape, 7), box, 2);
        for (var i = 0; i < block.Tallies.Count; i++)
        {
            var tally = FragmentTally.None;
            for (var z = box.Begin.Z; z < box.End.Z; z++)
                for (var y = box.Begin.Y; y < box.End.Y; y++)
                    for (var x = box.Begin.X; x < box.End.X; x++)
                        if (fragments[z, y, x] == FragmentBlock.IdBase(2) + (ulong)i + 1) tally.AddRun(z, y, x, x + 1);
            Assert.Equal(tally, block.Tallies[i]);
        }
    }

    [Fact]
    public void A_block_s_file_that_is_cut_short_is_an_error()
    {
        var fragments = Toy.Noise(new(2, 3, 4), 3, 1);
        using var stream = new MemoryStream();
        Measure(fragments, Toy.SmoothAffinities(fragments.Shape, 1), Box.Of(fragments.Shape), 0).Write(stream);
        for (var length = 0; length < stream.Length; length += 7)
            Assert.Throws<EndOfStreamException>(() => BlockGraph.Read(new MemoryStream(stream.ToArray()[..length])));
    }

    /// <summary>Renumbers the ids of a box as those of a block, in the volume too, and measures it by way of its file.</summary>
    private static BlockGraph Measure(Volume<ulong> fragments, Volume<byte> affinities, Box box, int index)
    {
        var own = fragments.Crop(box);
        ulong[] ids = [.. own.Data.Where(f => f != 0).Distinct()];
        var labels = new Volume<uint>(box.Shape, 1, [.. own.Data.Select(f => (uint)(Array.IndexOf(ids, f) + 1))]);
        fragments.Paste(new(box.Shape, 1, [.. labels.Data.Select(l => l == 0 ? 0 : FragmentBlock.IdBase(index) + l)]),
            Box.Of(box.Shape), box.Begin);
        using var stream = new MemoryStream();
        BlockGraph.Measure(labels, ids.Length, affinities, box, box.Begin, index).Write(stream);
        stream.Position = 0;
        return BlockGraph.Read(stream);
    }

    [Fact]
    public void A_fragment_known_from_below_only_is_an_error()
    {
        var builder = new RegionGraphBuilder();
        var fragments = new Volume<ulong>(new(2, 1, 1), 1, [1, 2]);
        builder.Add(fragments, new(new(2, 1, 1), 3), new(new(1, 0, 0), new(2, 1, 1)));
        Assert.Throws<InvalidOperationException>(builder.Build);
    }

    internal static RegionGraph ByBlocks(
        Volume<ulong> fragments, Volume<byte> affinities, Index3 block, int seed, StackAlignment? alignment = null)
    {
        var whole = Box.Of(fragments.Shape);
        var boxes = whole.Tile(block).ToArray();
        new Random(seed).Shuffle(boxes);
        var builder = new RegionGraphBuilder();
        Parallel.ForEach(boxes, box =>
        {
            var reach = alignment?.Reach ?? 0;
            var read = new Box(box.Begin - new Index3(1, 1, 1), box.End).Grow(new(0, reach, reach)).Intersect(whole);
            builder.Add(fragments.Crop(read), affinities.Crop(read), box.Shift(default(Index3) - read.Begin),
                alignment is null ? null : new(alignment, read.Begin));
        });
        return builder.Build();
    }

    private static Dictionary<(ulong, ulong), Contact> Naive(Volume<ulong> f, Volume<byte> a, StackAlignment? alignment = null)
    {
        var result = new Dictionary<(ulong, ulong), Contact>();
        for (var z = 0; z < f.Shape.Z; z++)
            for (var y = 0; y < f.Shape.Y; y++)
                for (var x = 0; x < f.Shape.X; x++)
                {
                    if (z > 0) AddAcross(z, y, x);
                    if (y > 0) Add(f[z, y, x], f[z, y - 1, x], new(Faces.Of(a[1, z, y, x]), default, default, 0));
                    if (x > 0) Add(f[z, y, x], f[z, y, x - 1], new(Faces.Of(a[2, z, y, x]), default, default, 0));
                }
        return result;

        void AddAcross(int z, int y, int x)
        {
            var face = Faces.Of(a[0, z, y, x]);
            var (dy, dx) = alignment?.Shift(z, z - 1, y, x) ?? default;
            int v = y + dy, u = x + dx;
            if (v < 0 || v >= f.Shape.Y || u < 0 || u >= f.Shape.X) return;
            var interior = Inside(z, y, x) && Inside(z - 1, v, u) ? face : default;
            Add(f[z, y, x], f[z - 1, v, u], new(default, face, interior, f[z, y, x] > f[z - 1, v, u] ? 1 : 0));
        }

        // Faces that leave the volume are no boundary, whatever is stored there.
        bool Inside(int z, int y, int x) => (y == 0 || a[1, z, y, x] >= 128) && (x == 0 || a[2, z, y, x] >= 128);

        void Add(ulong p, ulong q, Contact contact)
        {
            if (p == q || p == 0 || q == 0) return;
            var key = (Math.Min(p, q), Math.Max(p, q));
            result[key] = result.GetValueOrDefault(key) + contact;
        }
    }
}
