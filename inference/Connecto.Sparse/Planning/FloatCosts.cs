using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planning;

/// <summary>What products and convolutions of floats cost.</summary>
/// <remarks>Each formula counts what the inner loop does for a non-zero and a vector of columns, and what is moved
/// through the caches; where a number is not countable from the kernel's code, the remark says how it was fitted.</remarks>
internal static class FloatCosts
{
    /// <summary>A misjudged end of a loop, and starting and storing a row's sums.</summary>
    private const double RowNs = 18;

    /// <summary>Four cycles, for which a chain of sums waits at every entry.</summary>
    private const double LatencyNs = 1.15;

    /// <summary>Starting and storing a vector of sums in generated code, masks and far rows of results included.</summary>
    private const double SumNs = 6;

    /// <summary>A load across two cache lines counts as two; of 16 floats at any place, 15 of 16 do.</summary>
    private const double UnalignedLoads = 1.9;

    /// <summary>Lines used here and there come from the second level at two thirds of the rate of all in a row.</summary>
    private const double Skipping = 1.5;

    /// <summary>Compiled rows times panels: for every non-zero its index, its weight, and a load a vector.</summary>
    public static KernelCost CompiledRows(LayerShape layer, MachineProfile machine, int threads)
    {
        var lanes = machine.Lanes;
        var vectors = Math.Ceiling((double)layer.Columns / lanes);
        var together = Math.Min(8, vectors);
        var panels = Math.Ceiling(vectors / together);
        var entries = layer.NonZeros;
        // As many inputs as stay in the first cache, but at least ten entries a row.
        var fit = 1.2 * machine.L1Bytes / (together * lanes * sizeof(float));
        var tiles = Math.Max(1, Math.Floor(layer.Depth / Math.Max(fit, 10 / Math.Max(1e-9, layer.Density)) + 0.5));
        var panelBytes = layer.Depth / tiles * together * lanes * sizeof(float);
        var fromPanel = panelBytes <= 1.3 * machine.L1Bytes ? 0 : entries * vectors * Panel(machine, panelBytes, lanes);
        var cost = new KernelCost { Blocking = $"panels of {together * lanes} columns, {tiles} tile(s) of inputs" };
        return Copies(cost, layer, machine)
            .With("multiply-adds", Math.Max(entries * vectors / machine.MultiplyAddsPerNs, entries * panels * LatencyNs))
            .With("loads", Math.Max(entries * (vectors + 2 * panels) / machine.LoadsPerNs, fromPanel))
            .With("weights", entries * 8 * panels / machine.BytesPerNs(8 * entries / tiles))
            .With("results", Results(layer, machine)).Then()
            .With("rows", layer.Rows * panels * (RowNs + (tiles - 1) * 1.5 * RowNs));
    }

    /// <summary>The same over planes: four vectors at any place, which nothing is copied to align.</summary>
    public static KernelCost CompiledConvolution(LayerShape layer, MachineProfile machine, int threads)
    {
        var lanes = machine.Lanes;
        var vectors = Math.Ceiling((double)layer.Columns / lanes);
        var together = Math.Min(4, vectors);
        var panels = Math.Ceiling(vectors / together);
        var entries = layer.NonZeros;
        // A plane's rows serve all taps of the window: a line more to the left and right.
        var panelBytes = layer.Depth / Math.Sqrt(layer.Window) * (together + 1) * lanes * sizeof(float);
        return new KernelCost { Blocking = $"panels of {together * lanes} columns" }
            .With("multiply-adds", Math.Max(entries * vectors / machine.MultiplyAddsPerNs, entries * panels * LatencyNs))
            .With("loads", Math.Max(
                entries * (vectors * UnalignedLoads + 2 * panels) / machine.LoadsPerNs,
                entries * vectors * UnalignedLoads * Panel(machine, panelBytes, lanes)))
            .With("weights", entries * 8 * panels / machine.BytesPerNs(8 * entries))
            .With("results", Results(layer, machine)).Then()
            .With("rows", layer.Rows * panels * RowNs);
    }

    /// <summary>Generated code for every non-zero: 28 vectors of sums, two columns of 16 a pass.</summary>
    public static KernelCost Stream(LayerShape layer, MachineProfile machine, int threads)
    {
        var shape = StreamShape.Choose(layer.Rows, layer.Columns, layer.Density, machine);
        var passes = Math.Ceiling((double)layer.Columns / shape.Columns);
        var cost = StreamedCode(layer, machine, shape, passes, Math.Min(passes, 4), layer.Depth);
        return Copies(cost.Cost, layer, machine).With("multiply-adds", cost.MultiplyAdds).With("loads", cost.Loads).With("code", cost.Code)
            .With("results", Results(layer, machine)).Then()
            .With("sums", layer.Rows * passes * shape.Vectors * SumNs);
    }

    /// <summary>The same over planes: tiles of the inputs are copied, so that what a pass reads stays in the first
    /// cache.</summary>
    public static KernelCost StreamConvolution(LayerShape layer, MachineProfile machine, int threads)
    {
        var shape = StreamShape.Choose(layer.Rows, layer.Columns, layer.Density, machine);
        var passes = Math.Ceiling((double)layer.Columns / shape.Columns);
        var reads = Math.Max(384.0 / shape.Vectors, Math.Min(layer.Depth, 10.0 * layer.Depth * layer.Rows / Math.Max(1, layer.NonZeros)));
        var tiles = Math.Max(1, Math.Ceiling(layer.Depth / reads));
        var cost = StreamedCode(layer, machine, shape, passes, 1, layer.Depth / tiles);
        return cost.Cost
            .With("packing", layer.Depth / (double)layer.Window * layer.Columns * (layer.Window > 1 ? 1.1 : 0.4)).Then()
            .With("multiply-adds", cost.MultiplyAdds).With("loads", cost.Loads).With("code", cost.Code)
            .With("results", Results(layer, machine)).Then()
            .With("sums", layer.Rows * passes * shape.Vectors * tiles * SumNs);
    }

    /// <summary>All weights, zeros too: tiles of 8 outputs and 3 vectors.</summary>
    public static KernelCost DenseConvolution(LayerShape layer, MachineProfile machine, int threads)
    {
        var vectors = Math.Ceiling(layer.Columns / (3.0 * machine.Lanes)) * 3;
        var rows = layer.Rows / 8 * 8 + (layer.Rows % 8 is 0 ? 0 : layer.Rows % 8 > 4 ? 8 : 4);
        var steps = vectors * rows * layer.Depth;
        return new KernelCost { Blocking = $"8 outputs x {3 * machine.Lanes} columns" }
            // Eleven loads for 24 multiply-adds leave 55 % of the peak.
            .With("multiply-adds", steps / 0.55 / machine.MultiplyAddsPerNs)
            .With("loads", steps * (3 * UnalignedLoads + 8) / 24 / machine.LoadsPerNs)
            .With("results", Results(layer, machine));
    }

    /// <summary>All weights times panels of three vectors: eleven loads for 24 multiply-adds, all of them aligned.</summary>
    public static KernelCost Dense(LayerShape layer, MachineProfile machine, int threads)
    {
        var vectors = Math.Ceiling(layer.Columns / (3.0 * machine.Lanes)) * 3;
        var rows = layer.Rows / 8 * 8 + (layer.Rows % 8 is 0 ? 0 : layer.Rows % 8 > 4 ? 8 : 4);
        var steps = vectors * rows * layer.Depth;
        var cost = new KernelCost { Blocking = $"8 outputs x {3 * machine.Lanes} columns" };
        Copies(cost, layer, machine);
        return cost
            .With("multiply-adds", steps / 0.8 / machine.MultiplyAddsPerNs)
            .With("loads", steps * 11 / 24 / machine.LoadsPerNs)
            .With("results", 2 * Results(layer, machine));
    }

    /// <summary>Compressed rows times one vector after another.</summary>
    public static KernelCost RowsTimesVector(LayerShape layer, MachineProfile machine, int threads) =>
        new KernelCost { Blocking = "one vector at a time", Rendezvous = layer.Columns }
            .With("entries", layer.NonZeros * layer.Columns * 0.5)
            .With("weights", layer.NonZeros * 8 * layer.Columns / machine.BytesPerNs(8 * layer.NonZeros / threads)).Then()
            .With("rows", layer.Rows * layer.Columns * 0.8 * RowNs);

    /// <summary>What the code itself needs on all passes.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="shape">The register tile.</param>
    /// <param name="passes">Passes of shape.Columns columns.</param>
    /// <param name="together">Passes that a group of rows is run for before the next group's code is fetched.</param>
    /// <param name="inputs">Inputs of a pass that are read again and again.</param>
    private static (KernelCost Cost, double MultiplyAdds, double Loads, double Code) StreamedCode(
        LayerShape layer, MachineProfile machine, StreamShape shape, double passes, double together, double inputs)
    {
        var groups = Math.Max(1, Math.Ceiling((double)layer.Rows / Math.Max(1, shape.Rows)));
        var entries = layer.NonZeros;
        var used = layer.InputsUsed(shape.Rows) * groups;
        // With one vector a weight is an operand of its multiply-add, with two it is broadcast or spread first.
        var code = entries * (shape.Vectors == 1 ? 7.5 : 6.2 * shape.Vectors + 9) + used * 6.5 * shape.Vectors;
        var runs = passes / together * (code / machine.CodeBytesPerNs(code + inputs * shape.Vectors * 64 * together) +
            (together - 1) * code / machine.CodeBytesPerNs(code / groups));
        var weightLoads = shape.Spread == 0 ? 1 : 1 - shape.Spread / 8.0 * 0.75;
        var fromPanel = Math.Max(1 / machine.LoadsPerNs, Panel(machine, inputs * shape.Columns * sizeof(float), 16));
        var cost = new KernelCost
        {
            Blocking = $"{shape.Rows} rows x {shape.Columns} columns, {shape.Spread} of 8 weights spread",
            CodeBytes = code,
        };
        return (cost, passes * shape.Vectors * entries / machine.MultiplyAddsPerNs,
            passes * (used * shape.Vectors * fromPanel + entries * weightLoads / machine.LoadsPerNs), runs);
    }

    /// <summary>A load of so many lanes from a panel that is read with gaps, nanoseconds.</summary>
    private static double Panel(MachineProfile machine, double panelBytes, int lanes)
    {
        var fits = panelBytes <= 0.6 * machine.L1Bytes;
        return lanes * sizeof(float) * (fits ? 1 : Skipping) / machine.BytesPerNs(fits ? panelBytes : Math.Max(panelBytes, machine.L1Bytes + 1));
    }

    /// <summary>Compressed rows with short column numbers: a row's weights serve all vectors while they are near.</summary>
    public static KernelCost ShortRows(LayerShape layer, MachineProfile machine, int threads) =>
        new KernelCost { Blocking = "a row times all vectors" }
            .With("entries", layer.NonZeros * layer.Columns * 0.5)
            .With("weights", layer.NonZeros * 6 / machine.BytesPerNs(6 * layer.NonZeros / threads)).Then()
            .With("rows", layer.Rows * layer.Columns * 0.8 * RowNs);

    /// <summary>Copying the inputs into panels: a phase of its own.</summary>
    private static KernelCost Copies(KernelCost cost, LayerShape layer, MachineProfile machine)
    {
        var bytes = (double)layer.Depth * layer.Columns * sizeof(float);
        return cost.With("packing", bytes / machine.BytesPerNs(bytes) + bytes / machine.BytesPerNs(layer.Depth * 128.0)).Then();
    }

    /// <summary>Storing the results: a line is read before it is written.</summary>
    private static double Results(LayerShape layer, MachineProfile machine)
    {
        var bytes = (double)layer.Rows * layer.Columns * sizeof(float);
        return 2 * bytes / machine.BytesPerNs(bytes);
    }
}
