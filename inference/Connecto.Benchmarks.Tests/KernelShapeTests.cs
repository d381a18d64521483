namespace Connecto.Benchmarks.Tests;

public sealed class KernelShapeTests
{
    [Fact]
    public void A_layers_name_reads_back_as_the_layer()
    {
        foreach (var shape in KernelShape.Defaults) Assert.Equal(shape, KernelShape.Parse(shape.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("product")]
    [InlineData("cube-1x2x3")]
    [InlineData("product-1x2")]
    [InlineData("product-1x2x0")]
    [InlineData("product-1x2x-3")]
    [InlineData("product-1x2x3x4")]
    [InlineData("product-1x2x99999999999")]
    [InlineData("product-100000x100000x1")]
    [InlineData("conv3x3-4x9x5")]
    [InlineData("conv3x3-4x8x4")]
    public void A_layer_that_cannot_be_is_refused(string name)
    {
        var error = Assert.Throws<InvalidDataException>(() => KernelShape.Parse(name));
        Assert.Contains($"'{name}'", error.Message);
        Assert.Contains("nothing was measured", error.Message);
    }

    [Fact]
    public void A_precision_reads_back_and_others_are_refused()
    {
        foreach (var precision in Enum.GetValues<KernelPrecision>()) Assert.Equal(precision, KernelPrecisions.Parse(precision.Name()));
        Assert.Contains("fp32", Assert.Throws<InvalidDataException>(() => KernelPrecisions.Parse("fp64")).Message);
    }
}
