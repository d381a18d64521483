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

    /// <summary>The network with some of its blocks of four weights set to 0 at random, as pruned networks have them; the
    /// first layer, whose channels are few, and the last stay dense.</summary>
    /// <param name="model">The network.</param>
    /// <param name="zeros">Share of blocks, 0 to 1.</param>
    public static NetworkModel WithZeros(NetworkModel model, double zeros)
    {
        var random = new Random(1);
        return model.With(model.Tensors.Values.Select(t =>
        {
            var tensor = t.Copy();
            if (t.Shape.Length != 4 || t.Shape[1] <= 8 || t.Shape[0] <= 8) return tensor;
            var (channels, taps, data) = (t.Shape[1], t.Shape[2] * t.Shape[3], tensor.Data);
            for (var m = 0; m < t.Shape[0]; m++)
                for (var block = 0; block < (channels + 3) / 4 * taps; block++)
                {
                    if (random.NextDouble() >= zeros) continue;
                    for (var c = block / taps * 4; c < Math.Min(block / taps * 4 + 4, channels); c++)
                        data[(m * channels + c) * taps + block % taps] = 0;
                }
            return tensor;
        }));
    }

    /// <summary>Steps for a network's bytes, calibrated on noise: speed does not depend on them.</summary>
    public static NetworkQuantization Quantize(NetworkModel model, PixelScale input) =>
        NetworkQuantization.Calibrate(model, input, [new("noise", [model.Inputs, 64, 64], Noise(model.Inputs * 64 * 64))]);

    /// <summary>Measures a network of bytes: one session a thread, as many runs on each.</summary>
    public static ByteBenchmarkRow Bytes(
        string name, NetworkModel model, NetworkQuantization quantization, int height, int width, int threads, int repeats = 7)
    {
        using var network = new ByteNetwork(model, quantization, height, width);
        using var pool = new WorkerPool(threads);
        var pixels = new byte[model.Inputs * height * width];
        new Random(1).NextBytes(pixels);
        var runs = Enumerable.Range(0, threads)
            .Select(_ => (Session: network.NewSession(), Output: new byte[model.Outputs * height * width])).ToArray();
        var seconds = Median(repeats, () => pool.Run(t => runs[t].Session.Run(pixels, runs[t].Output))) / threads;
        var (dense, kept) = (network.MultiplyAddsPerPixel, network.KeptMultiplyAddsPerPixel);
        var perSecond = (double)height * width / seconds;
        return new(
            name, $"{model.Inputs}x{height}x{width}", threads, 1e3 * seconds * threads, perSecond / 1e6, dense / 1e3, kept / 1e3,
            perSecond * kept / 1e9, threads * MachineProfile.Current.ByteDotsPerNs * 64);
    }

    /// <summary>Measures a trainer's step; flops are those of the forward pass and of both gradients: three times
    /// forward.</summary>
    public static BenchmarkRow Trainer(
        string name, NetworkModel model, int count, int height, int width, int threads, int repeats = 5)
    {
        using var trainer = new NetworkTrainer(model, new TrainerOptions { Threads = threads });
        var batch = Batch(model, count, height, width);
        var seconds = Median(repeats, () => trainer.Step(batch));
        return Row(
            name, $"{count}x{model.Inputs}x{height}x{width}", threads, seconds, (double)count * height * width,
            6 * model.MultiplyAddsPerPixel);
    }

    /// <summary>A batch of noise.</summary>
    internal static TrainingBatch Batch(NetworkModel model, int count, int height, int width)
    {
        var outputs = count * model.Outputs * (height / model.OutputScale) * (width / model.OutputScale);
        return new TrainingBatch
        {
            Count = count,
            Height = height,
            Width = width,
            Input = Noise(count * model.Inputs * height * width),
            Target = [.. Noise(outputs).Select(v => v > 0 ? 1f : 0)],
            Weight = [.. Enumerable.Repeat(1f, outputs)],
        };
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
