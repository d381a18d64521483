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

    [Theory]
    [InlineData(12, 40, 1)]
    [InlineData(20, 68, 2)]
    public void Strides_large_windows_sums_and_repetitions_have_the_bits_of_the_definition_too(int height, int width, int seed)
    {
        var net = new NetworkBuilder(2);
        string Layer(string name, string from, int channels, int kernel, int stride = 1) =>
            net.Relu(name, net.Conv2d(name + ".conv", from, channels, kernel, stride));
        var a = Layer("a", NetworkModel.InputName, 6, 5);
        var half = Layer("half", a, 9, 3, stride: 2);
        var quarter = Layer("quarter", net.MaxPool2d("pool", half), 9, 3);
        var up = net.Upsample2d("up", quarter);
        var sum = net.Add("sum", up, half); // read twice: by a convolution and by the next sum
        var b = net.Add("b", Layer("again", sum, 9, 3), sum);
        var c = net.Add("c", net.Upsample2d("grown", Layer("narrow", b, 6, 1)), a);
        var model = net.Build(net.Sigmoid("p", net.Conv2d("head", net.Add("d", c, Layer("e", c, 6, 3)), 3, kernel: 3)), seed);
        var quantization = NetworkQuantization.Calibrate(model, Grey, SampleNetworks.Samples(2, 32, 1));
        var pixels = SampleNetworks.Pixels(2 * height * width, seed);
        var expected = new ReferenceByteNetwork(model, quantization, pixels, height, width).Run();
        foreach (var kernel in ByteSamples.Kernels)
            foreach (var band in new[] { 1, 3, 1000 })
            {
                using var network = new ByteNetwork(model, quantization, height, width, new() { Kernel = kernel, BandLines = band });
                var found = new byte[expected.Length];
                network.NewSession().Run(pixels, found);
                Assert.Equal(expected, found);
            }
    }

    [Fact]
    public void Bytes_agree_with_the_network_in_floats_to_a_few_levels()
    {
        var model = SampleNetworks.UNet(3, [8, 12, 16], 0.4, seed: 11);
        var quantization = NetworkQuantization.Calibrate(model, Grey, SampleNetworks.Samples(3, 64, 2));
        var pixels = SampleNetworks.Pixels(3 * 64 * 128, 12);
        var (bytes, floats) = (new byte[5 * 64 * 128], new float[5 * 64 * 128]);
        using var network = new ByteNetwork(model, quantization, 64, 128);
        network.NewSession().Run(pixels, bytes);
        using var session = new NetworkSession(model);
        session.Run([.. pixels.Select(b => (b - 127.5f) * 4 / 255)], 64, 128, floats);
        var differences = bytes.Zip(floats, (b, f) => Math.Abs(b - 255.0 * f)).ToArray();
        Assert.InRange(differences.Average(), 0, 3);
        Assert.True(floats.Max() - floats.Min() > 0.1);
    }

    [Fact]
    public void Sessions_of_one_network_run_at_once_and_allocate_nothing()
    {
        var model = SampleNetworks.UNet(3, [8, 12], 0.4, seed: 4);
        var quantization = NetworkQuantization.Calibrate(model, Grey, SampleNetworks.Samples(3, 32, 1));
        var pixels = SampleNetworks.Pixels(3 * 48 * 160, 3);
        using var network = new ByteNetwork(model, quantization, 48, 160);
        var outputs = Enumerable.Range(0, 4).Select(_ => new byte[5 * 48 * 160]).ToArray();
        Parallel.ForEach(outputs, output =>
        {
            var session = network.NewSession();
            Assert.Equal(0, Allocation.Of(() => session.Run(pixels, output)));
        });
        foreach (var output in outputs) Assert.Equal(outputs[0], output);
        var profile = network.NewSession().Profile(pixels, outputs[1]);
        Assert.Equal(outputs[0], outputs[1]);
        Assert.Equal(["input", "down0.relu1"], profile.Take(2).Select(s => s.Name));
        Assert.InRange(network.KeptMultiplyAddsPerPixel, 1, network.MultiplyAddsPerPixel * 1.2);
    }

    [Fact]
    public void Wrong_sizes_other_steps_and_uses_after_the_end_are_refused()
    {
        var model = SampleNetworks.UNet(3, [4, 4], 1, seed: 5);
        var quantization = NetworkQuantization.Calibrate(model, Grey, SampleNetworks.Samples(3, 16, 1));
        Assert.Throws<ArgumentException>(() => new ByteNetwork(model, quantization, 15, 16));
        Assert.Throws<ArgumentException>(() => new ByteNetwork(model, quantization, 16, 0));
        Assert.Throws<InvalidDataException>(() => new ByteNetwork(
            model, new(Grey, new Dictionary<string, double> { ["other"] = 1 }), 16, 16));
        var network = new ByteNetwork(model, quantization, 16, 16);
        var session = network.NewSession();
        Assert.Throws<ArgumentException>(() => session.Run(new byte[7], new byte[5 * 256]));
        Assert.Throws<ArgumentException>(() => session.Run(new byte[3 * 256], new byte[5]));
        network.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Run(new byte[3 * 256], new byte[5 * 256]));
    }
}
