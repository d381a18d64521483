using Connecto.Sparse;
using Connecto.Sparse.Kernels;
using Connecto.Testing.Networks;
using Connecto.Training.Gradients;

namespace Connecto.Training.Tests;

public class GradientTests
{
    public static TheoryData<string> Variants => [.. KernelTable.Available.Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_gradient_agrees_with_finite_differences_of_the_definition(string variant)
    {
        Compare(SampleNetworks.UNet(2, 3, [5, 8, 9]), 12, 20, variant);
        Compare(SampleNetworks.Everything(2, 4), 8, 12, variant);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void The_gradient_agrees_where_the_plane_is_longer_than_a_block(string variant)
    {
        var net = new NetworkBuilder(2);
        Compare(net.Build(net.Conv2d("a", NetworkModel.InputName, 5, 3), 3), 48, 60, variant);
    }

    private static void Compare(NetworkModel model, int height, int width, string variant)
    {
        var batch = Batches.Random(model, 3, height, width, seed: 11);
        using var trainer = new NetworkTrainer(model, new TrainerOptions { Threads = 2 }, KernelTable.Choose(variant));
        var gradient = trainer.Gradient(batch);
        var map = new ParameterMap(model);
        var values = map.Gather(model);
        var random = new Random(3);
        var scale = gradient.Max(Math.Abs);
        for (var n = 0; n < 25; n++)
        {
            var i = random.Next(values.Length);
            // Small steps, so that few rectifiers switch between the two sides; divided by what a float made of them.
            var (above, below) = ((float)(values[i] + 2e-5), (float)(values[i] - 2e-5));
            var rise = Loss(model, map, values, i, above, batch) - Loss(model, map, values, i, below, batch);
            var expected = rise / ((double)above - below);
            Assert.True(
                Math.Abs(gradient[i] - expected) < 3e-3 * scale,
                $"{variant}: parameter {i} has gradient {gradient[i]}, by differences {expected}; largest {scale}");
        }
    }

    private static double Loss(
        NetworkModel model, ParameterMap map, float[] values, int i, float value, TrainingBatch batch)
    {
        var moved = (float[])values.Clone();
        moved[i] = value;
        return Batches.Loss(model.With(map.Scatter(moved)), batch);
    }
}
