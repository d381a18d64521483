using Connecto.Volumes;

namespace Connecto.Segmentation.Tests;

public sealed class SegmentationSettingsTests
{
    private static readonly Dictionary<string, double> Thresholds = new()
    {
        ["merge"] = 0.31,
        ["plane"] = 0.72,
        ["interior"] = 0.43,
        ["neck"] = 0.64,
        ["cleft"] = 0.5,
    };

    [Fact]
    public void A_models_thresholds_lie_over_the_defaults_of_the_voxel_size()
    {
        var size = new VoxelSize(50, 4, 4);
        var (plain, laid) = (SegmentationSettings.For(size), SegmentationSettings.For(size).With(Thresholds));
        Assert.Equal(plain.Watershed with { InteriorThreshold = 0.43, NeckRatio = 0.64 }, laid.Watershed);
        Assert.Equal(plain.Agglomeration with { Threshold = 0.31, PlaneThreshold = 0.72 }, laid.Agglomeration);
        Assert.Equal(plain, plain.With(new Dictionary<string, double>()));
    }

    [Fact]
    public void Volumes_that_are_flooded_whole_get_no_pass_of_their_sections() =>
        Assert.True(SegmentationSettings.For(new VoxelSize(10, 10, 10)).With(Thresholds).Agglomeration.PlaneThreshold >= 1);
}
