using Connecto.Segmentation.Prediction;

namespace Connecto.Segmentation.Tests.Prediction;

public sealed class InputLikenessTests
{
    [Theory]
    [InlineData(0.05, 0.12, 1, null)]
    [InlineData(0.09, 0.05, 1.6, null)]
    [InlineData(0.04, 0.01, 1, null)]
    [InlineData(0.08, 0.03, 1, "inverted")]
    [InlineData(0.12, 0.04, 0.9, "inverted")]
    [InlineData(0.3, 0.3, 1, "grey levels")]
    [InlineData(0.05, 0.12, 0.46, "blurrier")]
    [InlineData(0.05, 0.12, 2.4, "noisier")]
    public void A_reason_is_given_where_images_are_unlike(double grey, double mirror, double roughness, string? why)
    {
        var likeness = new InputLikeness(grey, mirror, roughness, true);
        Assert.Equal(why is not null, likeness.LooksUnlikeTraining);
        if (why is not null) Assert.Contains(why, likeness.Reason);
        Assert.Null((likeness with { IsKnown = false }).Reason);
    }
}
