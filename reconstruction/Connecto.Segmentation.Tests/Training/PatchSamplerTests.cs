using Connecto.Segmentation.Model;
using Connecto.Segmentation.Training;
using Connecto.Volumes;

namespace Connecto.Segmentation.Tests.Training;

public sealed class PatchSamplerTests
{
    private const int Edge = 32;

    private static readonly TrainingConfig Config = new()
    {
        Name = "test",
        VoxelSizeNm = [50, 4, 4],
        Sections = 3,
        Widths = [4, 6],
        Patch = Edge,
        Rim = 2,
        Sources = [],
        BoundaryWeight = 2,
        SynapseWeight = 3,
        SynapseChannelWeight = 0.5,
    };

    [Fact]
    public void Plain_patches_hold_affinities_to_the_lower_neighbour_by_definition()
    {
        var volume = Cells(new(4, 40, 40), seed: 1);
        var (input, target, weight) = Arrays();
        new PatchSampler(Config).Plain(volume, 2, SectionWarp.Crop(5, 3, Edge, Edge), input, target, weight);
        for (var y = 0; y < Edge; y++)
            for (var x = 0; x < Edge; x++)
            {
                Assert.Equal((volume.Raw[2, y + 5, x + 3] / 255f - 0.5f) * 4, input[(Edge + y) * Edge + x], 1e-4);
                Expect(EmOutput.AffinityZ, volume.Cells[2, y + 5, x + 3], volume.Cells[1, y + 5, x + 3], y, x);
                Expect(EmOutput.AffinityY, volume.Cells[2, y + 5, x + 3], volume.Cells[2, y + 4, x + 3], y, x);
                Expect(EmOutput.AffinityX, volume.Cells[2, y + 5, x + 3], volume.Cells[2, y + 5, x + 2], y, x);
            }

        void Expect(EmOutput output, uint cell, uint lower, int y, int x)
        {
            var at = ((int)output * Edge + y) * Edge + x;
            var cut = cell == 0 || lower == 0;
            var known = cut || (cell != TrainingVolume.Unknown && lower != TrainingVolume.Unknown);
            var one = known && !cut && cell == lower;
            Assert.Equal(one ? 1 : 0, target[at]);
            Assert.Equal(!known ? 0 : one ? 1 : 2, weight[at]);
        }
    }

    [Fact]
    public void Stacks_finer_than_the_model_are_shrunk_without_losing_a_cleft()
    {
        var volume = Cells(new(4, 21, 30), seed: 3);
        volume.Synapses.Data.AsSpan().Fill((byte)(SynapseBits.CleftKnown | SynapseBits.PresynapticKnown));
        volume.Synapses[2, 5, 7] = (byte)(SynapseBits.CleftKnown | SynapseBits.Cleft);
        var small = volume.ShrunkTo(new(50, 8, 8));
        Assert.Equal(new Index3(4, 10, 15), small.Raw.Shape);
        Assert.Equal(new VoxelSize(50, 8, 8), small.Voxel);
        var grey = (volume.Raw[2, 4, 6] + volume.Raw[2, 4, 7] + volume.Raw[2, 5, 6] + volume.Raw[2, 5, 7] + 2) / 4;
        Assert.Equal(grey, small.Raw[2, 2, 3]);
        Assert.Equal(volume.Cells[2, 5, 7], small.Cells[2, 2, 3]);
        Assert.Equal((byte)(SynapseBits.CleftKnown | SynapseBits.Cleft), small.Synapses[2, 2, 3]);
        Assert.Equal((byte)(SynapseBits.CleftKnown | SynapseBits.PresynapticKnown), small.Synapses[2, 2, 4]);
        Assert.Same(volume, volume.ShrunkTo(new(50, 5, 5)));
        Assert.Equal(new Index3(2, 10, 15), (volume with { Voxel = new(8, 8, 8) }).ShrunkTo(new(16, 16, 16)).Raw.Shape);
    }

    [Fact]
    public void An_exact_patch_holds_the_very_pixels_of_the_source()
    {
        // Every pixel of the source has a grey of its own, so a patch tells where each of its pixels came from.
        var volume = Cells(new(3, 61, 47), seed: 3);
        for (var i = 0; i < volume.Raw.Data.Length; i++) volume.Raw.Data[i] = (byte)(i * 37 % 256);
        var still = new AugmentationOptions
        {
            Exact = 1,
            Contrast = 0,
            Brightness = 0,
            Gamma = 0,
            Noise = 0,
            Blur = 0,
            MissingSection = 0,
        };
        var (input, target, weight) = Arrays();
        for (ulong step = 0; step < 20; step++)
        {
            new PatchSampler(Config with { Augmentation = still }).Random(volume, new(5, step, 0), input, target, weight);
            foreach (var value in input)
            {
                var grey = (value / 4 + 0.5) * 255;
                Assert.Equal(Math.Round(grey), grey, 1e-3);
            }
        }
    }

    [Fact]
    public void A_varied_patch_of_painted_cells_cuts_exactly_where_its_image_changes()
    {
        // The image shows each cell's id as grey, so the affinities of a patch can be read off its own input: whatever
        // the turn, flip, elastic field or reading order, they must fit the pixels and their lower neighbours.
        var volume = Stripes();
        var still = new AugmentationOptions
        {
            Contrast = 0,
            Brightness = 0,
            Gamma = 0,
            Noise = 0,
            Blur = 0,
            MissingSection = 0,
            SectionShift = 0,
            Elastic = 3,
        };
        var (input, target, weight) = Arrays();
        long wrong = 0, known = 0;
        for (ulong step = 0; step < 60; step++)
        {
            new PatchSampler(Config with { Augmentation = still }).Random(volume, new(9, step, 0), input, target, weight);
            for (var y = 3; y < Edge - 3; y++)
                for (var x = 3; x < Edge - 3; x++)
                {
                    var here = Cell(1, y, x);
                    Compare(EmOutput.AffinityZ, here, Cell(0, y, x), y, x);
                    Compare(EmOutput.AffinityY, here, Cell(1, y - 1, x), y, x);
                    Compare(EmOutput.AffinityX, here, Cell(1, y, x - 1), y, x);
                }
        }
        Assert.True(known > 50_000, $"{known} known");
        Assert.True(wrong < known / 1000, $"{wrong} of {known}");

        int Cell(int section, int y, int x) => (int)Math.Round((input[(section * Edge + y) * Edge + x] / 4 + 0.5) * 255 / 60);

        // A pixel between two greys is on the line between cells, where nearest and linear sampling may differ.
        bool Sure(int section, int y, int x)
        {
            var grey = (input[(section * Edge + y) * Edge + x] / 4 + 0.5) * 255 / 60;
            return Math.Abs(grey - Math.Round(grey)) < 0.02;
        }

        void Compare(EmOutput output, int here, int lower, int y, int x)
        {
            var at = ((int)output * Edge + y) * Edge + x;
            var (s, dy, dx) = output == EmOutput.AffinityZ ? (0, 0, 0) : output == EmOutput.AffinityY ? (1, 1, 0) : (1, 0, 1);
            if (weight[at] == 0 || !Sure(1, y, x) || !Sure(s, y - dy, x - dx)) return;
            known++;
            if (target[at] != (here == lower ? 1 : 0)) wrong++;
        }
    }

    [Fact]
    public void A_patch_depends_on_its_random_stream_alone()
    {
        var volume = Cells(new(4, 40, 40), seed: 2);
        var (a, b, other) = (Arrays(), Arrays(), Arrays());
        var sampler = new PatchSampler(Config);
        sampler.Random(volume, new(1, 5, 0), a.Input, a.Target, a.Weight);
        sampler.Random(volume, new(1, 6, 0), other.Input, other.Target, other.Weight);
        new PatchSampler(Config).Random(volume, new(1, 5, 0), b.Input, b.Target, b.Weight);
        Assert.Equal(a.Input, b.Input);
        Assert.Equal(a.Target, b.Target);
        Assert.Equal(a.Weight, b.Weight);
        Assert.NotEqual(a.Input, other.Input);
    }

    [Fact]
    public void Sections_whose_ids_do_not_hold_across_teach_no_affinity_z()
    {
        var volume = Cells(new(4, 40, 40), seed: 3) with { Ids = CellIds.WithinSection };
        var (input, target, weight) = Arrays();
        new PatchSampler(Config).Plain(volume, 2, SectionWarp.Crop(0, 0, Edge, Edge), input, target, weight);
        Assert.All(weight[..(Edge * Edge)], w => Assert.Equal(0, w));
        Assert.Contains(weight[(Edge * Edge)..(2 * Edge * Edge)], w => w > 0);
    }

    [Theory]
    [InlineData('y')]
    [InlineData('x')]
    public void Another_axis_takes_the_place_of_z(char axis)
    {
        var volume = Cells(new(3, 4, 5), seed: 4);
        var turned = volume.Along(axis);
        for (var z = 0; z < 3; z++)
            for (var y = 0; y < 4; y++)
                for (var x = 0; x < 5; x++)
                    Assert.Equal(volume.Cells[z, y, x], axis == 'y' ? turned.Cells[y, z, x] : turned.Cells[x, z, y]);
    }

    private static (float[] Input, float[] Target, float[] Weight) Arrays() =>
        (new float[3 * Edge * Edge], new float[5 * Edge * Edge], new float[5 * Edge * Edge]);

    private static TrainingVolume Cells(Index3 shape, int seed)
    {
        var random = new Random(seed);
        var volume = new TrainingVolume("cells", new(50, 4, 4), new(shape), new(shape), new(shape), CellIds.AcrossSections);
        random.NextBytes(volume.Raw.Data);
        foreach (ref var cell in volume.Cells.Data.AsSpan())
            cell = random.Next(5) switch { 0 => TrainingVolume.Boundary, 1 => TrainingVolume.Unknown, var n => (uint)n };
        return volume;
    }

    // Slabs of cells 12 voxels wide along a slanted direction that moves from section to section; grey = 60 * id.
    private static TrainingVolume Stripes()
    {
        var shape = new Index3(6, 90, 90);
        var volume = new TrainingVolume("stripes", new(50, 4, 4), new(shape), new(shape), new(shape), CellIds.AcrossSections);
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
                for (var x = 0; x < shape.X; x++)
                {
                    var id = (uint)((x + 2 * y + 9 * z) / 24 % 4 + 1);
                    (volume.Cells[z, y, x], volume.Raw[z, y, x]) = (id, (byte)(id * 60));
                }
        return volume;
    }
}
