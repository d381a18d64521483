using System.Diagnostics;
using Connecto.Sparse.Planning;
using Connecto.Sparse.Tests.Streams;

namespace Connecto.Sparse.Tests.Planning;

/// <summary>A layer with random weights, and how long its kernels really take.</summary>
internal sealed record MeasuredLayer(int Rows, int Depth, int Columns, double Density)
{
    /// <summary>Microseconds by kernel: the least of several short turns, taken in turn.</summary>
    public IReadOnlyList<(KernelEstimate Estimate, double Microseconds)> Measure(int turns)
    {
        var matrix = SampleMatrices.Real(Rows, Depth, Density, seed: 1);
        var x = SampleMatrices.Real(Depth * Columns, seed: 2);
        var y = new float[Rows * Columns];
        var layer = LayerShape.Of(matrix, Columns);
        List<(KernelEstimate Estimate, Action Run, IDisposable? Owner)> kernels = [];
        foreach (var (variant, kernel) in new[] { (KernelVariants.Stream, ProductKernel.Stream), (KernelVariants.Portable, ProductKernel.Portable) })
            if (variant.Estimate(layer, MachineProfile.Current, 1) is { Obstacle: null } estimate)
            {
                var product = SparseProduct.Create(matrix, new() { Columns = Columns, Kernel = kernel });
                kernels.Add((estimate, () => product.Run(x, y), product));
            }
        if (KernelVariants.Rows.Estimate(layer, MachineProfile.Current, 1) is { Obstacle: null } rows)
            kernels.Add((rows, () =>
            {
                for (var n = 0; n < Columns; n++) matrix.Multiply(x.AsSpan(n * Depth, Depth), y.AsSpan(n * Rows, Rows));
            }, null));

        var least = new double[kernels.Count];
        Array.Fill(least, double.MaxValue);
        foreach (var (_, run, _) in kernels) run();
        for (var turn = 0; turn < turns; turn++)
            for (var k = 0; k < kernels.Count; k++)
            {
                // The second of two: the first fetches what the other kernels have pushed out of the caches.
                kernels[k].Run();
                var begin = Stopwatch.GetTimestamp();
                kernels[k].Run();
                least[k] = Math.Min(least[k], (Stopwatch.GetTimestamp() - begin) * 1e6 / Stopwatch.Frequency);
            }
        foreach (var (_, _, owner) in kernels) owner?.Dispose();
        return [.. kernels.Select((kernel, k) => (kernel.Estimate, least[k]))];
    }
}
