using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Segmentation.Sections;
using Connecto.Testing;
using Connecto.Volumes;
using Connecto.Volumes.Slices;

namespace Connecto.Segmentation.Tests.Prediction;

/// <summary>Sections that the shipped isotropic model learnt from, at other voxel sizes than its own.</summary>
public sealed class OtherVoxelSizeTests
{
    private const int First = 100, Sections = 24, Edge = 160;

    [RealDataFact("fib25/train/raw")]
    public void Scores_hold_up_on_finer_and_coarser_isotropic_stacks()
    {
        var (raw, cells) = Read();
        using var predictor = new AffinityPredictor(EmModel.Load(Path.Combine(Root(), "data-samples", "models", "fibsem")), 2);
        var own = Vi(predictor, raw, cells, 10);
        foreach (var nm in new[] { 8.0, 12.5, 16 })
        {
            var vi = Vi(predictor, raw, cells, nm);
            Assert.True(vi < own + 0.35, FormattableString.Invariant($"{vi:0.000} bits at {nm} nm, {own:0.000} at 10 nm"));
        }
    }

    private static double Vi(AffinityPredictor predictor, Volume<byte> raw, Volume<ulong> cells, double nm)
    {
        int Length(int voxels) => (int)Math.Round(voxels * 10 / nm);
        var shape = new Index3(Length(Sections), Length(Edge), Length(Edge));
        var size = new VoxelSize(nm, nm, nm);
        var (image, truth) = (new Volume<byte>(shape), new Volume<ulong>(shape));
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
                for (var x = 0; x < shape.X; x++)
                {
                    double At(int i) => (i + 0.5) * nm / 10 - 0.5;
                    image[z, y, x] = (byte)(Linear(raw, At(z), At(y), At(x)) + 0.5);
                    int Nearest(int i, int length) => Math.Clamp((int)Math.Round(At(i)), 0, length - 1);
                    truth[z, y, x] = cells[Nearest(z, Sections), Nearest(y, Edge), Nearest(x, Edge)];
                }
        var normalizer = new ContrastNormalizer(size);
        for (var z = 0; z < shape.Z; z++) normalizer.Normalize(image.Slice(z), shape.Y, shape.X, image.Slice(z));
        var maps = predictor.Predict(new MemoryVolume<byte>(image, size), Box.Of(shape));
        var settings = SegmentationSettings.For(size);
        var segments = FragmentBlock.Flood(maps, Box.Of(shape), Box.Of(shape), size, settings.Watershed, 0);
        var graph = new RegionGraphBuilder();
        graph.Add(segments, maps);
        Agglomeration.Merge(graph.Build(), size, settings.Agglomeration).Apply(segments);
        return SegmentationScore.Compute(segments, truth, new ScoreOptions { Objects = TruthObjects.Components }).Vi;
    }

    private static double Linear(Volume<byte> from, double z, double y, double x)
    {
        double sum = 0;
        var (z0, y0, x0) = ((int)Math.Floor(z), (int)Math.Floor(y), (int)Math.Floor(x));
        for (var k = 0; k < 8; k++)
        {
            var (dz, dy, dx) = (k >> 2, k >> 1 & 1, k & 1);
            var weight = Share(z - z0, dz) * Share(y - y0, dy) * Share(x - x0, dx);
            sum += weight * from[Math.Clamp(z0 + dz, 0, Sections - 1), Math.Clamp(y0 + dy, 0, Edge - 1), Math.Clamp(x0 + dx, 0, Edge - 1)];
        }
        return sum;

        static double Share(double fraction, int second) => second == 1 ? fraction : 1 - fraction;
    }

    private static (Volume<byte> Raw, Volume<ulong> Cells) Read()
    {
        var stack = SliceStack.Open(RealData.Require("fib25/train/raw"));
        var box = new Box(default, new(Sections, Edge, Edge));
        var raw = new Volume<byte>(stack.Shape with { Z = Sections });
        for (var z = 0; z < Sections; z++) stack.ReadSlice(First + z, raw.Slice(z));
        return (raw.Crop(box), SliceStack.Open(RealData.Require("fib25/train/neurons")).ReadLabels(First, Sections).Crop(box));
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Connecto.sln"))) directory = directory.Parent;
        return directory.FullName;
    }
}
