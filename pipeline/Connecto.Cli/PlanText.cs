using System.Globalization;
using Connecto.Sparse;

namespace Connecto.Cli;

/// <summary>A layer as `connecto plan` prints it.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Operator">What it computes.</param>
/// <param name="Size">The size of what it writes.</param>
/// <param name="Plan">The choice.</param>
internal sealed record PlannedLayer(string Layer, string Operator, string Size, LayerPlan Plan);

/// <summary>Plans and kernels for people and for programs.</summary>
internal static class PlanText
{
    public static void Print(IReadOnlyList<PlannedLayer> layers)
    {
        Output.WriteTable([
            ["layer", "operator", "out x in", "columns", "dense %", "format", "kernel", "blocking", "threads", "us", "bound", "why"],
            .. layers.Select(l => new[]
            {
                l.Layer, l.Operator, $"{l.Plan.Layer.Rows} x {l.Plan.Layer.Depth}", l.Size, Text(100 * l.Plan.Layer.Density, "0.0"),
                l.Plan.Format, l.Plan.Kernel, l.Plan.Chosen.Blocking, Text(l.Plan.Threads, "0"), Text(l.Plan.Microseconds, "0.0"),
                l.Plan.Chosen.Bound, l.Plan.Reason,
            }),
        ]);
        Console.Out.WriteLine();
        var code = layers.Sum(l => l.Plan.Chosen.CodeBytes);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"total: {layers.Sum(l => l.Plan.Microseconds):0.0} us a run, {layers.Sum(l => l.Plan.Layer.NonZeros):0} weights kept of {layers.Sum(l => (double)l.Plan.Layer.Rows * l.Plan.Layer.Depth):0}"));
        Console.Out.WriteLine(code == 0 ? "code: none is generated" : string.Create(CultureInfo.InvariantCulture,
            $"code: {code / 1024:0} KiB, generated once in about {layers.Sum(l => l.Plan.Chosen.GenerationMilliseconds):0.0} ms"));
    }

    public static void Print(IReadOnlyList<KernelVariant> kernels) => Output.WriteTable([
        ["kernel", "format", "precision", "instructions", "for", "on this machine"],
        .. kernels.Select(k => new[] { k.Name, k.Format, Precision(k.Precision), k.Instructions, k.Applies, k.Obstacle is { } why ? $"no: {why}" : "yes" }),
    ]);

    /// <summary>What --json prints of the plans.</summary>
    public static object Json(IReadOnlyList<PlannedLayer> layers) => new
    {
        layers = layers.Select(l => new
        {
            l.Layer,
            l.Operator,
            l.Plan.Layer.Rows,
            l.Plan.Layer.Depth,
            l.Plan.Layer.Columns,
            l.Size,
            l.Plan.Layer.Density,
            precision = Precision(l.Plan.Layer.Precision),
            l.Plan.Format,
            l.Plan.Kernel,
            l.Plan.Chosen.Blocking,
            l.Plan.Threads,
            l.Plan.Microseconds,
            l.Plan.Chosen.Bound,
            l.Plan.Chosen.Terms,
            l.Plan.Chosen.CodeBytes,
            l.Plan.Chosen.GenerationMilliseconds,
            l.Plan.Reason,
            rejected = l.Plan.Rejected.Select(r => new { kernel = r.Kernel.Name, microseconds = r.Obstacle is null ? r.Microseconds : (double?)null, r.Bound, r.Obstacle }),
        }),
        microseconds = layers.Sum(l => l.Plan.Microseconds),
        codeBytes = layers.Sum(l => l.Plan.Chosen.CodeBytes),
        generationMilliseconds = layers.Sum(l => l.Plan.Chosen.GenerationMilliseconds),
    };

    /// <summary>What --json prints of the kernels.</summary>
    public static object Json(IReadOnlyList<KernelVariant> kernels) => new
    {
        kernels = kernels.Select(k => new
        {
            k.Name,
            k.Format,
            precision = Precision(k.Precision),
            k.Instructions,
            k.Applies,
            available = k.Obstacle is null,
            k.Obstacle,
        }),
    };

    /// <summary>A precision as options and tables have it.</summary>
    public static string Precision(WeightPrecision precision) => precision switch
    {
        WeightPrecision.Float32 => "fp32",
        WeightPrecision.BFloat16 => "bf16",
        _ => precision.ToString().ToLowerInvariant(),
    };

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
