using System.Globalization;
using Connecto.Benchmarks;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Training;
using Connecto.Training;

namespace Connecto.Cli;

/// <summary>What sparsifying came to: zeros and work of every layer, fit and speed before and after.</summary>
internal static class SparsifySummary
{
    private const int Edge = 512;

    public static void Write(
        TrainingConfig config, string dataRoot, string before, string after, int threads, CancellationToken cancel)
    {
        var (dense, sparse) = (EmModel.Load(before).Network, EmModel.Load(after).Network);
        SparsityText.Write(LayerSparsity.Of(sparse));
        Console.Out.WriteLine();
        Console.Out.WriteLine("Fit of unvaried patches of the training sections, before and after:");
        var fits = TrainingFit.Of(config, dataRoot, [dense, sparse], threads, cancel);
        foreach (var (source, score) in fits[0])
        {
            Console.Out.WriteLine($"  {source} before  {score}");
            Console.Out.WriteLine($"  {source} after   {fits[1].First(f => f.Source == source).Score}");
        }
        Console.Out.WriteLine();
        Console.Out.WriteLine($"Speed in floats on {Edge} x {Edge} pixels, {threads} thread{(threads == 1 ? "" : "s")}, before and after:");
        foreach (var (name, model) in new[] { ("before", dense), ("after", sparse) })
        {
            var row = NetworkBenchmark.Session(name, model, Edge, Edge, threads);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {name,-6}  {1e3 * row.Seconds:0.0} ms, {row.MegavoxelsPerSecond:0.00} Mvoxel/s"));
        }
    }
}
