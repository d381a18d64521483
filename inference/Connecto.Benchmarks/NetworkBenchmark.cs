using System.Diagnostics;
using Connecto.Sparse;
using Connecto.Sparse.Kernels;
using Connecto.Training;

namespace Connecto.Benchmarks;

/// <summary>Throughput of sessions and trainers, each with its bound measured in the same run.</summary>
public static class NetworkBenchmark
{
    /// <summary>A plain 2D U-Net: 3x3 convolutions in pairs, 2x pooling, nearest upsampling, concatenation,
    /// sigmoid.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="widths">Channels by level, finest first.</param>
    public static NetworkModel UNet(int inputs, int outputs, params ReadOnlySpan<int> widths)
    {
        var net = new NetworkBuilder(inputs);
        var x = NetworkModel.InputName;
        List<string> skips = [];
        for (var level = 0; level < widths.Length; level++)
        {
            if (level > 0) x = net.MaxPool2d($"pool{level}", x);
            skips.Add(x = Pair(net, $"down{level}", x, widths[level]));
        }
        for (var level = widths.Length - 2; level >= 0; level--)
            x = Pair(net, $"up{level}", net.Concat($"join{level}", net.Upsample2d($"rise{level}", x), skips[level]), widths[level]);
        return net.Build(net.Sigmoid("probability", net.Conv2d("head", x, outputs, kernel: 1)), seed: 1);
    }

    /// <summary>A single convolution with a Relu, to measure the kernels alone.</summary>
    public static NetworkModel Convolution(int inputs, int outputs, int kernel)
    {
        var net = new NetworkBuilder(inputs);
        return net.Build(net.Relu("relu", net.Conv2d("conv", NetworkModel.InputName, outputs, kernel)), seed: 1);
    }

    /// <summary>Measures a session: copying in and out included.</summary>
    public static BenchmarkRow Session(
        string name, NetworkModel model, int height, int width, int threads, int repeats = 5)
    {
        using var session = new NetworkSession(model, threads);
        var input = Noise(model.Inputs * height * width);
        var output = new float[model.Outputs * (height / model.OutputScale) * (width / model.OutputScale)];
        var seconds = Median(repeats, () => session.Run(input, height, width, output));
        return Row(name, $"{model.Inputs}x{height}x{width}", threads, seconds, (double)height * width, 2 * model.MultiplyAddsPerPixel);
    }

    /// <summary>Measures a trainer's step; flops are those of the forward pass and of both gradients: three times
    /// forward.</summary>
    public static BenchmarkRow Trainer(
        string name, NetworkModel model, int count, int height, int width, int threads, int repeats = 5)
    {
        using var trainer = new NetworkTrainer(model, new TrainerOptions { Threads = threads });
        var outputs = count * model.Outputs * (height / model.OutputScale) * (width / model.OutputScale);
        var batch = new TrainingBatch
        {
            Count = count,
            Height = height,
            Width = width,
            Input = Noise(count * model.Inputs * height * width),
            Target = [.. Noise(outputs).Select(v => v > 0 ? 1f : 0)],
            Weight = [.. Enumerable.Repeat(1f, outputs)],
        };
        var seconds = Median(repeats, () => trainer.Step(batch));
        return Row(
            name, $"{count}x{model.Inputs}x{height}x{width}", threads, seconds, (double)count * height * width,
            6 * model.MultiplyAddsPerPixel);
    }

    private static BenchmarkRow Row(string name, string shape, int threads, double seconds, double pixels, double flopsPerPixel) =>
        new(
        name, shape, KernelTable.Chosen.Name, threads, seconds, pixels / seconds / 1e6, pixels * flopsPerPixel / seconds / 1e9,
        PeakBenchmark.Measure(threads));

    private static string Pair(NetworkBuilder net, string name, string x, int width)
    {
        x = net.Relu($"{name}.a.relu", net.Conv2d($"{name}.a", x, width, kernel: 3));
        return net.Relu($"{name}.b.relu", net.Conv2d($"{name}.b", x, width, kernel: 3));
    }

    private static double Median(int repeats, Action action)
    {
        action(); // plans and buffers
        var seconds = new double[repeats];
        for (var i = 0; i < repeats; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            action();
            seconds[i] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        Array.Sort(seconds);
        return seconds[repeats / 2];
    }

    private static float[] Noise(int count)
    {
        var random = new Random(1);
        var values = new float[count];
        foreach (ref var value in values.AsSpan()) value = random.NextSingle() * 2 - 1;
        return values;
    }
}
