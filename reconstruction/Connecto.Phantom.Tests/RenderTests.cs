using Connecto.Volumes;

namespace Connecto.Phantom.Tests;

public class RenderTests
{
    [Fact]
    public void The_same_options_give_the_same_bits()
    {
        var again = new PhantomVolume(SamplePhantom.Options);
        foreach (var z in new[] { 19, 3, 0, 3 })
        {
            var slice = new PhantomSlice(150, 170);
            again.RenderSlice(z, slice);
            SamplePhantom.AssertSame(SamplePhantom.Instance.Slices[z], slice);
        }
        Assert.Equal(SamplePhantom.Instance.Phantom.Synapses, again.Synapses);
        Assert.Equal(SamplePhantom.Instance.Phantom.Connections, again.Connections);
    }

    [Fact]
    public void Sections_rendered_in_parallel_equal_sections_rendered_in_order()
    {
        var (image, neurons) = SamplePhantom.Instance.Phantom.RenderAll();
        for (var z = 0; z < image.Shape.Z; z++)
        {
            var slice = SamplePhantom.Instance.Slices[z];
            Assert.True(image.Slice(z).SequenceEqual(slice.Raw));
            Assert.Equal(slice.Neurons.Select(id => (ulong)id), neurons.Slice(z).ToArray());
        }
    }

    [Fact]
    public void Another_seed_gives_other_tissue()
    {
        var other = new PhantomVolume(SamplePhantom.Options with { Seed = 12 });
        var slice = new PhantomSlice(150, 170);
        other.RenderSlice(5, slice);
        Assert.NotEqual(SamplePhantom.Instance.Slices[5].Neurons, slice.Neurons);
        Assert.NotEqual(SamplePhantom.Instance.Slices[5].Raw, slice.Raw);
    }

    [Fact]
    public void A_long_volume_streams_in_flat_memory()
    {
        var phantom = new PhantomVolume(SamplePhantom.Options with { Shape = new Index3(120, 48, 48), SynapseDensity = 4 });
        var slice = new PhantomSlice(48, 48);
        for (var z = 0; z < 20; z++) phantom.RenderSlice(z, slice);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var z = 20; z < 120; z++) phantom.RenderSlice(z, slice);
        var perSection = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        Assert.InRange(perSection, 0, 8_000);
    }

    [Theory]
    [InlineData(50, 4)]
    [InlineData(10, 10)]
    [InlineData(8, 8)]
    [InlineData(40, 16)]
    public void Any_voxel_size_gives_cells_with_dark_borders(double z, double xy)
    {
        var shape = new Index3(2, (int)(900 / xy), (int)(800 / xy));
        var phantom = new PhantomVolume(new PhantomOptions { Shape = shape, VoxelSize = new VoxelSize(z, xy, xy), Seed = 4 });
        var slice = new PhantomSlice(shape.Y, shape.X);
        phantom.RenderSlice(1, slice);
        Assert.InRange(slice.Neurons.Distinct().Count(), 8, 90);
        var (border, inside) = BorderGrey(slice);
        Assert.True(border < inside - 15, $"border {border}, inside {inside}");
    }

    [Fact]
    public void Membranes_lie_where_labels_meet()
    {
        double border = 0, inside = 0;
        foreach (var slice in SamplePhantom.Instance.Slices)
        {
            var (b, i) = BorderGrey(slice);
            border += b / 20;
            inside += i / 20;
        }
        Assert.True(border < inside - 40, $"border {border}, inside {inside}");
    }

    /// <summary>Mean grey of voxels with a neighbour of another label, and of voxels 6 or more from any, organelles aside.</summary>
    private static (double Border, double Inside) BorderGrey(PhantomSlice s)
    {
        double border = 0, inside = 0;
        int borders = 0, insides = 0;
        for (var y = 6; y < s.Height - 6; y++)
            for (var x = 6; x < s.Width - 6; x++)
            {
                var i = y * s.Width + x;
                if (s.Mitochondria[i] != 0 || s.Clefts[i] != 0) continue;
                bool Same(int d) => s.Neurons[i + d] == s.Neurons[i] && s.Neurons[i - d] == s.Neurons[i]
                    && s.Neurons[i + d * s.Width] == s.Neurons[i] && s.Neurons[i - d * s.Width] == s.Neurons[i];
                if (!Same(1)) (border, borders) = (border + s.Raw[i], borders + 1);
                else if (Same(3) && Same(6)) (inside, insides) = (inside + s.Raw[i], insides + 1);
            }
        return (border / borders, inside / insides);
    }

    [Fact]
    public void Bad_options_are_named()
    {
        void Refused(string name, PhantomOptions options) =>
            Assert.Contains(name, Assert.Throws<ArgumentException>(() => new PhantomVolume(options)).Message);
        var good = SamplePhantom.Options;
        Refused("Shape", good with { Shape = new Index3(0, 4, 4) });
        Refused("NeuriteSpacing", good with { NeuriteSpacing = 5 });
        Refused("SynapseDensity", good with { SynapseDensity = double.NaN });
        Refused("DuplicatedSections", good with { DuplicatedSections = [0] });
        Refused("MissingSections", good with { MissingSections = [20] });
        Refused("Blur", good with { Appearance = PhantomAppearance.BlockFace with { Blur = -1 } });
        var slice = new PhantomSlice(10, 10);
        Assert.Throws<ArgumentException>(() => SamplePhantom.Instance.Phantom.RenderSlice(0, slice));
        Assert.Throws<ArgumentOutOfRangeException>(() => SamplePhantom.Instance.Phantom.RenderSlice(20, slice));
    }
}
