using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Volumes;

namespace Connecto.Segmentation.Tests.Prediction;

public sealed class ModelFitTests
{
    private static readonly EmModel Isotropic = Model([10, 10, 10]), Thick = Model([50, 4, 4]);

    [Fact]
    public void What_is_resampled_is_said_with_its_factors()
    {
        var same = ModelFit.Of(Isotropic, new(40, 80, 80), new(10, 11, 9));
        Assert.True(same.IsIdentity);
        Assert.Contains("as they are", same.Sentence);
        var fine = ModelFit.Of(Isotropic, new(40, 80, 80), new(8, 5, 5));
        Assert.Equal((0.8, 0.5, 0.5), (fine.Z, fine.Y, fine.X));
        Assert.Contains("0.8,0.5,0.5", fine.Sentence);
        Assert.Equal((1, 1.5, 1.5), ModelFit.Of(Thick, new(10, 80, 80), new(40, 6, 6)) is var f ? (f.Z, f.Y, f.X) : default);
    }

    [Theory]
    [InlineData(5, 5, 5, null)]
    [InlineData(16, 16, 16, null)]
    [InlineData(25, 25, 25, "coarse")]
    [InlineData(40, 4, 4, "thick sections")]
    public void Images_out_of_an_isotropic_models_range_are_warned_of(double z, double y, double x, string? why) =>
        Check(ModelFit.Of(Isotropic, new(20, 40, 40), new(z, y, x)), why);

    [Theory]
    [InlineData(45, 4.6, 4.6, null)]
    [InlineData(40, 8, 8, null)]
    [InlineData(40, 9, 9, "coarse")]
    [InlineData(100, 4, 4, "sections of 100 nm")]
    [InlineData(8, 8, 8, "about as thick as wide")]
    public void Images_out_of_a_thick_models_range_are_warned_of(double z, double y, double x, string? why) =>
        Check(ModelFit.Of(Thick, new(20, 40, 40), new(z, y, x)), why);

    private static void Check(ModelFit fit, string? why)
    {
        if (why is null) Assert.Null(fit.Warning);
        else Assert.Contains(why, fit.Warning);
    }

    private static EmModel Model(double[] voxel) =>
        new(new EmModelInfo { Name = "toy", VoxelSizeNm = voxel, Sections = 3 }, EmArchitecture.Build(3, [4, 8], seed: 1));
}
