using Connecto.Sparse;
using Connecto.Sparse.Kernels;
using Connecto.Testing.Networks;
using Connecto.Training.Gradients;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Training.Tests;

/// <summary>Networks without rectifiers are linear in each single weight, so that a difference of step 1 is the
/// gradient; and with small whole numbers no float is rounded, so that every variant must give it exactly.</summary>
public class ExactGradientTests
{
    [Fact]
    public void Gradients_of_linear_networks_are_exact_for_any_shape_and_variant() => Prop.ForAll(Shapes(), shape =>
    {
        var model = Linear(shape);
        var batch = Whole(model, shape);
        var map = new ParameterMap(model);
        var values = map.Gather(model);
        var at = Loss(model, batch);
        var random = new Random(shape.Seed);
        var picked = Enumerable.Range(0, 12).Select(_ => random.Next(values.Length)).ToArray();
        var expected = picked.Select(i =>
        {
            var moved = (float[])values.Clone();
            moved[i]++;
            return (float)(Loss(model.With(map.Scatter(moved)), batch) - at);
        }).ToArray();
        foreach (var kernels in KernelTable.Available)
        {
            using var trainer = new NetworkTrainer(model, new TrainerOptions { Threads = 2, Loss = new Product() }, kernels);
            var gradient = trainer.Gradient(batch);
            Assert.Equal(expected, picked.Select(i => gradient[i]));
        }
    }).QuickCheckThrowOnFailure();

    private sealed record Shape(int Channels, int Kernel, int Stride, int Height, int Width, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from channels in Gen.Choose(1, 10)
         from kernel in Gen.Choose(1, 5)
         from stride in Gen.Choose(1, 3)
         from height in Gen.Choose(1, 2)
         from width in Gen.Choose(1, 4)
         from seed in Gen.Choose(0, 1000)
         select new Shape(channels, kernel, stride, 2 * height, 4 * width, seed)).ToArbitrary();

    /// <summary>Both gradients of a convolution, strides, upsampling, a concatenation that holds the input, a
    /// sum.</summary>
    private static NetworkModel Linear(Shape shape)
    {
        var net = new NetworkBuilder(2);
        var a = net.Conv2d("a", NetworkModel.InputName, shape.Channels, shape.Kernel);
        var b = net.Upsample2d("b.up", net.Conv2d("b", a, 3, shape.Kernel, shape.Stride), shape.Stride);
        var c = net.Conv2d("c", net.Concat("join", NetworkModel.InputName, b, a), 3, 3);
        var model = net.Build(net.Conv2d("d", net.Add("sum", c, b), 2, 1), 1);
        var random = new Random(shape.Seed);
        return model.With(model.Tensors.Values.Select(
            t => new Tensor(t.Name, t.Shape, Array.ConvertAll(t.Data, _ => (float)random.Next(-1, 2)))));
    }

    private static TrainingBatch Whole(NetworkModel model, Shape shape)
    {
        var random = new Random(shape.Seed + 1);
        var (height, width) = (shape.Stride * shape.Height, shape.Stride * shape.Width);
        var outputs = 2 * model.Outputs * height * width;
        return new TrainingBatch
        {
            Count = 2,
            Height = height,
            Width = width,
            Input = [.. Enumerable.Range(0, 2 * 2 * height * width).Select(_ => (float)random.Next(-2, 3))],
            Target = [.. Enumerable.Range(0, outputs).Select(_ => (float)random.Next(-1, 2))],
            Weight = [1, .. new float[outputs - 1]],
        };
    }

    private static double Loss(NetworkModel model, TrainingBatch batch)
    {
        double sum = 0;
        var inputs = batch.Input.Length / batch.Count;
        for (var s = 0; s < batch.Count; s++)
        {
            var output = ReferenceNetwork.Run(model, batch.Input.AsSpan(s * inputs, inputs), batch.Height, batch.Width);
            for (var i = 0; i < output.Length; i++) sum += output[i] * batch.Target[s * output.Length + i];
        }
        return sum;
    }

    /// <summary>The sum of logit times target; its gradient is the target. The weights, which sum to 1, play no
    /// part.</summary>
    private sealed class Product : ILoss
    {
        public double Evaluate(in LossSample sample, Span<float> gradient)
        {
            double sum = 0;
            for (var i = 0; i < gradient.Length; i++) sum += sample.Logits[i] * (gradient[i] = sample.Target[i]);
            return sum;
        }
    }
}
