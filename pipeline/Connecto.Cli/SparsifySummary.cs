using System.Globalization;
using Connecto.Benchmarks;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Training;
using Connecto.Sparse;
using Connecto.Training;

namespace Connecto.Cli;

/// <summary>What sparsifying came to: zeros, work and time of every layer, fit and speed before and after.</summary>
internal static class SparsifySummary
{
    // Lines of bytes waste nothing at this width.
    private const int Height = 512, Width = 640;

    public static void Write(
        TrainingConfig config, string dataRoot, string before, string after, int threads, CancellationToken cancel)
    {
        var (dense, sparse) = (EmModel.Load(before), EmModel.Load(after));
        SparsityText.Write(LayerSparsity.Of(sparse.Network), sparse.Quantization is null ? [] : LayerTimes(sparse));
        Console.Out.WriteLine();
        Console.Out.WriteLine("Fit of unvaried patches of the training sections, before and after:");
        var fits = TrainingFit.Of(config, dataRoot, [dense, sparse], threads, cancel);
        foreach (var (fit, name) in fits[0].Select(f => (f, "before")).Concat(fits[1].Select(f => (f, "after"))))
        {
            Console.Out.WriteLine($"  {fit.Source} {name}, floats  {fit.Floats}");
            if (fit.Bytes is { } bytes) Console.Out.WriteLine($"  {fit.Source} {name}, bytes   {bytes}");
        }
        Console.Out.WriteLine();
        Console.Out.WriteLine($"Speed on {Height} x {Width} pixels, {threads} thread{(threads == 1 ? "" : "s")}, before and after:");
        Speed("before, floats", NetworkBenchmark.Session("before", dense.Network, Height, Width, threads).MegavoxelsPerSecond);
        Speed("after, floats", NetworkBenchmark.Session("after", sparse.Network, Height, Width, threads).MegavoxelsPerSecond);
        if (sparse.Quantization is { } steps)
            Speed("after, bytes", NetworkBenchmark.Bytes("after", sparse.Network, steps, Height, Width, threads).MegavoxelsPerSecond);
    }

    private static void Speed(string name, double megavoxels) =>
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}  {megavoxels:0.00} Mvoxel/s"));

    /// <summary>Microseconds of each layer in bytes, on one thread; a layer counts what is fused with it.</summary>
    private static Dictionary<string, double> LayerTimes(EmModel model)
    {
        using var network = new ByteNetwork(model.Network, model.Quantization!, Height, Width);
        var session = network.NewSession();
        var (pixels, output) = (new byte[network.Inputs * Height * Width], new byte[network.Outputs * Height * Width]);
        new Random(1).NextBytes(pixels);
        session.Run(pixels, output);
        var readers = model.Network.Nodes.ToDictionary(n => n.Name, n => n.Inputs[0]);
        var times = new Dictionary<string, double>();
        foreach (var (name, time) in session.Profile(pixels, output))
            for (var at = name; readers.TryGetValue(at, out var input); at = input)
                if (model.Network.Tensors.ContainsKey($"{at}.weight"))
                {
                    times[at] = times.GetValueOrDefault(at) + time.TotalMicroseconds;
                    break;
                }
        return times;
    }
}
