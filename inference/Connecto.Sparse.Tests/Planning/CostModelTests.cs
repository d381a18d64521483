using Xunit.Abstractions;

namespace Connecto.Sparse.Tests.Planning;

public class CostModelTests(ITestOutputHelper output)
{
    private static readonly MeasuredLayer[] Layers =
    [
        new(768, 768, 128, 0.1), new(768, 768, 128, 0.3), new(256, 64, 3136, 0.1), new(256, 64, 3136, 0.5), new(64, 576, 1024, 0.1),
        new(64, 576, 1024, 0.3), new(512, 1024, 196, 0.05), new(512, 1024, 196, 0.2), new(2048, 512, 49, 0.1), new(2048, 512, 49, 0.02),
        new(1024, 1024, 1, 0.1), new(1024, 1024, 8, 0.1),
    ];

    [Fact]
    public void Estimates_agree_with_what_kernels_take()
    {
        output.WriteLine($"{"layer",-22} {"kernel",-12} {"estimate us",12} {"measured us",12} {"ratio",6}  bound");
        foreach (var layer in Layers)
            foreach (var (estimate, measured) in layer.Measure(turns: 12))
                output.WriteLine(
                    $"{$"{layer.Rows} x {layer.Depth} x {layer.Columns} {layer.Density:P0}",-22} {estimate.Kernel.Name,-12} " +
                    $"{estimate.Microseconds,12:F1} {measured,12:F1} {estimate.Microseconds / measured,6:F2}  " +
                    string.Join(", ", estimate.Terms.Select(t => $"{t.Name} {t.Microseconds:F1}")));
    }
}
