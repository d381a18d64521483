using Connecto.Sparse.Planning;

namespace Connecto.Sparse;

/// <summary>Chooses a layer's format and kernel by a cost model.</summary>
/// <remarks>Every kernel has a short formula over what a core does a nanosecond (<see cref="MachineProfile"/>): the
/// least time wins. The same layer, profile and threads give the same plan.</remarks>
public static class Planner
{
    /// <summary>Plans a layer: all variants of its precision are considered.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="machine">The machine; <see cref="MachineProfile.Current"/> for this one.</param>
    /// <param name="threads">Threads of a run, 1 or more.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    /// <exception cref="NotSupportedException">No variant can do the layer.</exception>
    public static LayerPlan Plan(LayerShape layer, MachineProfile machine, int threads = 1) =>
        Plan(layer, machine, threads, KernelVariants.Table);

    /// <summary>Plans a layer with some variants only, of which the first of equals is chosen.</summary>
    internal static LayerPlan Plan(
        LayerShape layer, MachineProfile machine, int threads, IEnumerable<KernelVariant> variants)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        layer.Check();
        // A stable sort: of equals, the one that stands first in the table.
        var estimates = variants.Where(v => v.Precision == layer.Precision)
            .Select(v => v.Estimate(layer, machine, threads)).OrderBy(e => e.Microseconds).ToList();
        if (estimates.Count == 0 || estimates[0].Obstacle is not null)
            throw new NotSupportedException(
                $"No kernel can do a layer of {layer.Rows} x {layer.Depth} with {layer.Columns} columns in {layer.Precision}.");
        return new LayerPlan(layer, threads, estimates[0], estimates[1..]);
    }
}
