using Connecto.Sparse;
using Connecto.Testing.Networks;

namespace Connecto.Training.Tests;

/// <summary>Batches for tests, and their loss by the definition.</summary>
internal static class Batches
{
    public static TrainingBatch Random(NetworkModel model, int count, int height, int width, int seed)
    {
        var random = new Random(seed);
        var outputs = count * model.Outputs * (height / model.OutputScale) * (width / model.OutputScale);
        return new TrainingBatch
        {
            Count = count,
            Height = height,
            Width = width,
            Input = SampleNetworks.Noise(count * model.Inputs * height * width, seed),
            Target = [.. Enumerable.Range(0, outputs).Select(_ => (float)random.Next(2))],
            Weight = [.. Enumerable.Range(0, outputs).Select(_ => (float)random.Next(3))],
        };
    }

    /// <summary>Weighted mean cross-entropy, in double precision.</summary>
    public static double Loss(NetworkModel model, TrainingBatch batch)
    {
        double sum = 0, total = 0;
        var inputs = batch.Input.Length / batch.Count;
        var sigmoid = model.Nodes.Single(n => n.Name == model.Output).Operator == NetworkOperator.Sigmoid;
        for (var s = 0; s < batch.Count; s++)
        {
            var output = ReferenceNetwork.Run(model, batch.Input.AsSpan(s * inputs, inputs), batch.Height, batch.Width);
            for (var i = 0; i < output.Length; i++)
            {
                var p = sigmoid ? output[i] : 1 / (1 + Math.Exp(-output[i]));
                var (t, w) = (batch.Target[s * output.Length + i], batch.Weight[s * output.Length + i]);
                if (w == 0) continue;
                sum -= w * (t * Math.Log(p) + (1 - t) * Math.Log(1 - p));
                total += w;
            }
        }
        return sum / total;
    }
}
