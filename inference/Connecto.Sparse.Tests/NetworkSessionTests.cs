using Connecto.Sparse.Kernels;
using Connecto.Testing.Networks;

namespace Connecto.Sparse.Tests;

public class NetworkSessionTests
{
    public static TheoryData<string> Variants => [.. KernelTable.Available.Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_session_agrees_with_the_definition_for_every_operator(string variant)
    {
        foreach (var (height, width) in new[] { (4, 4), (8, 20), (36, 52), (64, 4), (4, 100) })
            foreach (var channels in new[] { 1, 4, 5, 8, 11 })
                Compare(SampleNetworks.Everything(3, channels), height, width, variant);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_session_agrees_with_the_definition_on_a_deep_network(string variant) =>
        Compare(SampleNetworks.UNet(3, 5, [8, 12, 16, 20]), 48, 40, variant);

    [Fact]
    public void Wide_planes_of_several_resolutions_keep_their_lower_borders() =>
        // The last plane of one resolution lies before the first of another, whose own border is narrower.
        Compare(SampleNetworks.UNet(2, 3, [3, 4, 5]), 4, 700, KernelTable.Chosen.Name);

    [Fact]
    public void Nothing_is_allocated_after_the_first_run()
    {
        var model = SampleNetworks.Everything(2, 6);
        using var session = new NetworkSession(model, 2);
        var input = SampleNetworks.Noise(2 * 24 * 32, 1);
        var output = new float[model.Outputs * 24 * 32];
        Assert.Equal(0, Allocation.Of(() => session.Run(input, 24, 32, output)));
    }

    [Fact]
    public void Sizes_may_change_from_run_to_run()
    {
        var model = SampleNetworks.UNet(1, 2, [4, 6]);
        using var session = new NetworkSession(model, 2);
        foreach (var size in Enumerable.Range(1, NetworkSession.PlansKept + 2).Concat([3, 1]))
        {
            var (height, width) = (2 * size, 2 * (12 - size));
            var input = SampleNetworks.Noise(height * width, size);
            var output = new float[2 * height * width];
            session.Run(input, height, width, output);
            var expected = ReferenceNetwork.Run(model, input, height, width);
            for (var i = 0; i < output.Length; i++) Assert.Equal(expected[i], output[i], 1e-4);
        }
    }

    [Fact]
    public void A_tile_agrees_with_the_whole_beyond_the_radius()
    {
        var model = SampleNetworks.UNet(1, 1, [4, 4, 4]);
        var (size, tile, at) = (160, 96, 32);
        var input = SampleNetworks.Noise(size * size, 5);
        var (whole, part) = (new float[size * size], new float[tile * tile]);
        var cut = new float[tile * tile];
        for (var y = 0; y < tile; y++) Array.Copy(input, (at + y) * size + at, cut, y * tile, tile);
        using var session = new NetworkSession(model, 2);
        session.Run(input, size, size, whole);
        session.Run(cut, tile, tile, part);
        for (var y = model.Radius; y < tile - model.Radius; y++)
            for (var x = model.Radius; x < tile - model.Radius; x++)
                Assert.Equal(whole[(at + y) * size + at + x], part[y * tile + x]);
    }

    [Fact]
    public void A_number_that_is_none_is_not_hidden()
    {
        var net = new NetworkBuilder(1);
        var model = net.Build(net.Relu("b", net.Conv2d("a", NetworkModel.InputName, 3, 3)), 1);
        using var session = new NetworkSession(model);
        var input = new float[64];
        input[20] = float.NaN;
        var output = new float[3 * 64];
        session.Run(input, 8, 8, output);
        Assert.True(float.IsNaN(output[20]));
        Assert.False(float.IsNaN(output[40]));
        session.Run(new float[64], 8, 8, output);
        Assert.DoesNotContain(output, float.IsNaN);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        using var session = new NetworkSession(SampleNetworks.UNet(1, 1, [4, 6]));
        Assert.Throws<ArgumentException>(() => session.Run(new float[9], 3, 3, new float[9]));
        Assert.Throws<ArgumentException>(() => session.Run(new float[15], 4, 4, new float[16]));
        Assert.Throws<ArgumentException>(() => session.Run(new float[16], 4, 4, new float[15]));
        Assert.Throws<ArgumentException>(() => session.Run([], 0, 4, []));
    }

    [Fact]
    public void A_kernel_that_is_unknown_is_refused() =>
        Assert.Throws<InvalidDataException>(() => KernelTable.Choose("abacus"));

    private static void Compare(NetworkModel model, int height, int width, string variant)
    {
        var input = SampleNetworks.Noise(model.Inputs * height * width, 7);
        var expected = ReferenceNetwork.Run(model, input, height, width);
        float[]? first = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var session = new NetworkSession(model, threads, KernelTable.Choose(variant));
            var output = new float[expected.Length];
            session.Run(input, height, width, output);
            for (var i = 0; i < output.Length; i++)
                Assert.True(
                    Math.Abs(output[i] - expected[i]) <= 1e-4 * (1 + Math.Abs(expected[i])),
                    $"{variant} {height}x{width} value {i}: {output[i]}, expected {expected[i]}");
            first ??= output;
            Assert.Equal(first, output);
            session.Run(input, height, width, output);
            Assert.Equal(first, output);
        }
    }
}
