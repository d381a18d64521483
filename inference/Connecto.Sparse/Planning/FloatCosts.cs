using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planning;

/// <summary>What products and convolutions of floats cost.</summary>
/// <remarks>Each formula counts what the inner loop does for a non-zero and a vector of columns, and what is moved
/// through the caches; where a number is not countable from the kernel's code, the remark says how it was fitted.</remarks>
internal static class FloatCosts
{
    /// <summary>What a misjudged end of a loop costs, and starting and storing a row's sums.</summary>
    private const double RowNs = 7;

    /// <summary>A load across two cache lines counts as two; of 16 floats at any place, 15 of 16 do.</summary>
    private const double UnalignedLoads = 1.9;

    /// <summary>Compiled rows times panels: for every non-zero its index, its weight, and a load a vector.</summary>
    public static KernelCost CompiledRows(LayerShape layer, MachineProfile machine, int threads)
    {
        var lanes = machine.Lanes;
        var planes = layer.Input == LayerInput.Planes;
        var wide = !planes && (long)layer.Depth * lanes * 8 * sizeof(float) <= 40 << 10;
        var together = Math.Min(wide ? 8 : 4, Math.Ceiling((double)layer.Columns / lanes));
        var vectors = Math.Ceiling((double)layer.Columns / lanes);
        var panels = Math.Ceiling(vectors / together);
        var entries = layer.NonZeros;
        // The panel lies where the cache has it: planes reuse a line for several taps of the window.
        var panelBytes = layer.Depth * together * lanes * sizeof(float) / (planes ? layer.Window : 1);
        var fromPanel = entries * vectors * lanes * sizeof(float) / machine.BytesPerNs(panelBytes + 8 * entries / layer.Rows);
        var cost = new KernelCost { Blocking = $"panels of {together * lanes} columns" };
        if (!planes) Copies(cost, layer, machine);
        return cost
            .With("multiply-adds", entries * vectors / machine.MultiplyAddsPerNs)
            .With("loads", Math.Max(entries * (vectors * (planes ? UnalignedLoads : 1) + 2 * panels) / machine.LoadsPerNs, fromPanel))
            .With("weights", entries * 8 * panels / machine.BytesPerNs(8 * entries))
            .With("rows", layer.Rows * panels * RowNs)
            .With("results", Results(layer, machine));
    }

    /// <summary>Generated code for every non-zero: 28 vectors of sums, two columns of 16 a pass.</summary>
    public static KernelCost Stream(LayerShape layer, MachineProfile machine, int threads)
    {
        var shape = StreamShape.Choose(layer.Rows, layer.Columns, layer.Density);
        var planes = layer.Input == LayerInput.Planes;
        var passes = Math.Ceiling((double)layer.Columns / shape.Columns);
        var groups = Math.Ceiling((double)layer.Rows / shape.Rows);
        var entries = layer.NonZeros;
        var used = layer.InputsUsed(shape.Rows) * groups;
        var code = entries * (6.2 * shape.Vectors + 9) + used * 6.5 * shape.Vectors;
        // A group's code runs for a few passes before the next group's: first from where all of it lies, then from nearer.
        var together = Math.Min(passes, 4);
        var runs = passes / together * (code / machine.CodeBytesPerNs(code + layer.Depth * 64 * together) +
            (together - 1) * code / machine.CodeBytesPerNs(code / groups));
        var weightLoads = shape.Spread == 0 ? 1 : 1 - shape.Spread / 8.0 * 0.75;
        var loads = passes * (used * shape.Vectors * (planes ? UnalignedLoads : 1) + entries * weightLoads) + passes * layer.Rows * shape.Vectors;
        var cost = new KernelCost
        {
            Blocking = $"{shape.Rows} rows x {shape.Columns} columns, {shape.Spread} of 8 weights spread",
            CodeBytes = code,
        };
        if (!planes) Copies(cost, layer, machine);
        return cost
            .With("multiply-adds", passes * shape.Vectors * entries / machine.MultiplyAddsPerNs)
            .With("loads", loads / machine.LoadsPerNs)
            .With("code", runs)
            .With("results", Results(layer, machine));
    }

    /// <summary>All weights, zeros too: tiles of 8 outputs and 3 vectors.</summary>
    public static KernelCost DenseConvolution(LayerShape layer, MachineProfile machine, int threads)
    {
        var vectors = Math.Ceiling(layer.Columns / (3.0 * machine.Lanes)) * 3;
        var rows = layer.Rows / 8 * 8 + (layer.Rows % 8 is 0 ? 0 : layer.Rows % 8 > 4 ? 8 : 4);
        var steps = vectors * rows * layer.Depth;
        return new KernelCost { Blocking = $"8 outputs x {3 * machine.Lanes} columns" }
            .With("multiply-adds", steps / machine.MultiplyAddsPerNs)
            .With("loads", steps * (3 * UnalignedLoads + 8) / 24 / machine.LoadsPerNs)
            .With("results", Results(layer, machine));
    }

    /// <summary>Compressed rows times one vector after another.</summary>
    public static KernelCost RowsTimesVector(LayerShape layer, MachineProfile machine, int threads) =>
        new KernelCost { Blocking = "one vector at a time", Rendezvous = layer.Columns }
            .With("loads", layer.NonZeros * layer.Columns * 3 / 5.5)
            .With("weights", layer.NonZeros * 8 * layer.Columns / machine.BytesPerNs(8 * layer.NonZeros / threads))
            .With("rows", layer.Rows * layer.Columns * RowNs);

    /// <summary>Copying the inputs into panels: a phase of its own.</summary>
    private static void Copies(KernelCost cost, LayerShape layer, MachineProfile machine)
    {
        var bytes = (double)layer.Depth * layer.Columns * sizeof(float);
        cost.With("packing", bytes / machine.BytesPerNs(bytes) + bytes / machine.BytesPerNs(layer.Depth * 128.0)).Then();
    }

    /// <summary>Storing the results: a line is read before it is written.</summary>
    private static double Results(LayerShape layer, MachineProfile machine)
    {
        var bytes = (double)layer.Rows * layer.Columns * sizeof(float);
        return 2 * bytes / machine.BytesPerNs(bytes);
    }
}
