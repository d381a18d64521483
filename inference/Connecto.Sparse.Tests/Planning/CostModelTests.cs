using Xunit.Abstractions;

namespace Connecto.Sparse.Tests.Planning;

public class CostModelTests(ITestOutputHelper output)
{
    private static readonly MeasuredLayer[] Layers =
    [
        new(768, 768, 128, 0.02), new(768, 768, 128, 0.1), new(768, 768, 128, 0.3), new(256, 64, 3136, 0.1), new(256, 64, 3136, 0.5),
        new(512, 1024, 196, 0.05), new(512, 1024, 196, 0.2), new(2048, 512, 49, 0.1), new(2048, 512, 49, 0.02),
        new(1024, 1024, 1, 0.05), new(1024, 1024, 1, 0.3), new(1024, 1024, 8, 0.1), new(1024, 1024, 8, 0.5),
        MeasuredLayer.Convolution(64, 64, 64, 0.1), MeasuredLayer.Convolution(64, 64, 64, 0.4), MeasuredLayer.Convolution(32, 32, 128, 0.1),
        MeasuredLayer.Convolution(16, 16, 128, 0.3),
        new(768, 768, 128, 0.05, WeightPrecision.Int8), new(768, 768, 128, 0.2, WeightPrecision.Int8), new(512, 1024, 196, 0.1, WeightPrecision.Int8),
        new(2048, 512, 49, 0.1, WeightPrecision.Int8),
        new(1024, 1024, 1, 0.1, WeightPrecision.Int8), new(1024, 1024, 1, 0.5, WeightPrecision.Int8), new(1024, 1024, 8, 0.3, WeightPrecision.Int8),
        new(1024, 1024, 1, 0.3, WeightPrecision.BFloat16), new(1024, 1024, 4, 0.3, WeightPrecision.BFloat16),
        new(1024, 1024, 1, 1, WeightPrecision.Int4), new(1024, 1024, 4, 1, WeightPrecision.Int3),
    ];

    [Fact]
    public void Estimates_agree_with_what_kernels_take()
    {
        output.WriteLine($"{"layer",-32} {"kernel",-22} {"estimate us",12} {"measured us",12} {"ratio",6}  bound");
        foreach (var layer in Layers)
            foreach (var (estimate, measured) in layer.Measure(turns: 8))
                output.WriteLine(
                    $"{layer,-32} {estimate.Kernel.Name,-22} " +
                    $"{estimate.Microseconds,12:F1} {measured,12:F1} {estimate.Microseconds / measured,6:F2}  " +
                    string.Join(", ", estimate.Terms.Select(t => $"{t.Name} {t.Microseconds:F1}")));
    }
}
