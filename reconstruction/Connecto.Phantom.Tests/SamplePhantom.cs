using Connecto.Volumes;

namespace Connecto.Phantom.Tests;

/// <summary>One small phantom, fully rendered, that most tests look at.</summary>
public sealed class SamplePhantom
{
    public static readonly PhantomOptions Options = new()
    {
        Shape = new Index3(20, 150, 170),
        VoxelSize = new VoxelSize(40, 4, 4),
        Seed = 11,
        SynapseDensity = 25,
    };

    private static readonly Lazy<SamplePhantom> Shared = new(() => new SamplePhantom());

    private SamplePhantom()
    {
        Phantom = new PhantomVolume(Options);
        Slices = Render(Phantom);
    }

    public static SamplePhantom Instance => Shared.Value;

    public PhantomVolume Phantom { get; }

    public PhantomSlice[] Slices { get; }

    public static PhantomSlice[] Render(PhantomVolume phantom)
    {
        var slices = new PhantomSlice[phantom.Options.Shape.Z];
        for (var z = 0; z < slices.Length; z++)
        {
            slices[z] = new PhantomSlice(phantom.Options.Shape.Y, phantom.Options.Shape.X);
            phantom.RenderSlice(z, slices[z]);
        }
        return slices;
    }

    public static void AssertSame(PhantomSlice a, PhantomSlice b)
    {
        Assert.Equal(a.Raw, b.Raw);
        AssertSameTruth(a, b);
    }

    public static void AssertSameTruth(PhantomSlice a, PhantomSlice b)
    {
        Assert.Equal(a.Neurons, b.Neurons);
        Assert.Equal(a.Clefts, b.Clefts);
        Assert.Equal(a.Presynaptic, b.Presynaptic);
        Assert.Equal(a.Mitochondria, b.Mitochondria);
    }
}
