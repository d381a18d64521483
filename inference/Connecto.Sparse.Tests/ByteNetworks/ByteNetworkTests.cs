using Connecto.Sparse.Tests.Bytes;

namespace Connecto.Sparse.Tests.ByteNetworks;

public sealed class ByteNetworkTests
{
    private static readonly PixelScale Grey = new(4.0 / 255, 127.5);

    public static TheoryData<int, string, int, int, double> Shapes => new()
    {
        { 3, "8,12,16", 16, 64, 0.4 },
        { 7, "4,8", 6, 2, 0.5 },
        { 1, "5,7", 4, 34, 1 },
        { 3, "4,4,8,12", 40, 128, 0.3 },
        { 7, "8,8,8,8", 24, 136, 0.2 },
        { 3, "20,24,28", 20, 196, 0.15 },
        { 2, "6", 9, 100, 0.5 },
        { 4, "4,4,4,4,4", 32, 16, 0.5 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_kernel_and_band_has_the_bits_of_the_definition(int inputs, string widths, int height, int width, double density)
    {
        var model = SampleNetworks.UNet(inputs, [.. widths.Split(',').Select(int.Parse)], density, height + width);
        var quantization = NetworkQuantization.Calibrate(model, Grey, SampleNetworks.Samples(inputs, 32, 1));
        var pixels = SampleNetworks.Pixels(inputs * height * width, 5);
        var expected = new ReferenceByteNetwork(model, quantization, pixels, height, width).Run();
        Assert.True(expected.Distinct().Count() > 3);
        foreach (var kernel in ByteSamples.Kernels)
            foreach (var band in new[] { 0, 1, 8, 5, 1000 })
            {
                using var network = new ByteNetwork(model, quantization, height, width, new() { Kernel = kernel, BandLines = band });
                var found = new byte[expected.Length];
                var session = network.NewSession();
                session.Run(new byte[pixels.Length], found);
                session.Run(pixels, found);
                Assert.Equal(expected, found);
            }
    }
}
