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
