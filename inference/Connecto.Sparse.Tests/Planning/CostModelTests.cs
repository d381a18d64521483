using System.Runtime.Intrinsics;
using Xunit.Abstractions;

namespace Connecto.Sparse.Tests.Planning;

/// <summary>Holds the cost model against the clock, loosely: the machine may be doing other things.</summary>
public class CostModelTests(ITestOutputHelper output)
{
    private const int Attempts = 3;

    private static readonly MeasuredLayer[] Layers =
    [
        new(768, 768, 128, 0.02), new(768, 768, 128, 0.2), new(256, 64, 784, 0.5), new(2048, 512, 49, 0.05), new(512, 512, 1, 0.1),
        new(512, 512, 8, 0.4), MeasuredLayer.Convolution(32, 32, 32, 0.1), MeasuredLayer.Convolution(16, 16, 64, 0.6),
        new(768, 768, 128, 0.1, WeightPrecision.Int8), new(512, 512, 1, 0.5, WeightPrecision.Int8),
        new(512, 512, 4, 0.2, WeightPrecision.BFloat16), new(512, 512, 1, 1, WeightPrecision.Int4),
    ];

    [Fact]
    public void Estimates_agree_with_what_kernels_take()
    {
        // Without vectors everything takes ten times as long, so the larger layers are left out.
        var most = Vector128.IsHardwareAccelerated ? double.PositiveInfinity : 3e6;
        var layers = Layers.Where(l => l.Density * l.Rows * l.Depth * l.Columns <= most).ToList();
        var found = "";
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var measured = layers.ConvertAll(l => (Layer: l, Kernels: l.Measure(turns: 6)));
            measured.RemoveAll(m => m.Kernels.Count == 0); // nothing but twins that are not timed
            var text = measured.ConvertAll(m => Table(m.Layer, m.Kernels));
            var loss = Median(measured.Select(m => Loss(m.Kernels)));
            var all = measured.SelectMany(m => m.Kernels).ToList();
            var rank = RankCorrelation([.. all.Select(k => k.Estimate.Microseconds)], [.. all.Select(k => k.Microseconds)]);
            var ratio = Median(all.Select(k => k.Estimate.Microseconds / k.Microseconds));
            output.WriteLine($"{"layer",-30} {"kernel",-22} {"estimate us",12} {"measured us",12} {"ratio",6}  parts");
            output.WriteLine(string.Join('\n', text));
            output.WriteLine(found = FormattableString.Invariant(
                $"chosen kernel / best kernel {loss:F2}, rank correlation {rank:F2}, estimate / measured {ratio:F2} (medians)"));
            if (loss <= 1.5 && rank > 0.7 && ratio is > 0.3 and < 3) return;
        }
        Assert.Fail(found);
    }

    /// <summary>What the kernel with the least estimate takes, over what the best one does.</summary>
    private static double Loss(IReadOnlyList<(KernelEstimate Estimate, double Microseconds)> kernels) =>
        kernels.MinBy(k => k.Estimate.Microseconds).Microseconds / kernels.Min(k => k.Microseconds);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    /// <summary>Spearman's: the correlation of places in order.</summary>
    private static double RankCorrelation(double[] a, double[] b)
    {
        var (x, y) = (Places(a), Places(b));
        var squares = x.Zip(y, (p, q) => (double)(p - q) * (p - q)).Sum();
        return 1 - 6 * squares / (a.Length * ((double)a.Length * a.Length - 1));

        static int[] Places(double[] values)
        {
            var places = new int[values.Length];
            foreach (var (index, place) in Enumerable.Range(0, values.Length).OrderBy(i => values[i]).Select((i, p) => (i, p))) places[index] = place;
            return places;
        }
    }

    private static string Table(MeasuredLayer layer, IReadOnlyList<(KernelEstimate Estimate, double Microseconds)> kernels) =>
        string.Join('\n', kernels.Select(k => FormattableString.Invariant(
            $"{layer,-30} {k.Estimate.Kernel.Name,-22} {k.Estimate.Microseconds,12:F1} {k.Microseconds,12:F1} {k.Estimate.Microseconds / k.Microseconds,6:F2}  ") +
            string.Join(", ", k.Estimate.Terms.Take(4).Select(t => FormattableString.Invariant($"{t.Name} {t.Microseconds:F1}")))));
}
