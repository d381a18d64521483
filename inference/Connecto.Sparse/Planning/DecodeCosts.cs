using Connecto.Sparse.Decode;

namespace Connecto.Sparse.Planning;

/// <summary>What products with few vectors cost.</summary>
/// <remarks>Weights are read once a run, so the bytes count first; then what a core needs to bring 64 columns of a row into
/// registers, and a dot product a vector.</remarks>
internal static class DecodeCosts
{
    /// <summary>Bits and packed values, expanded in registers.</summary>
    public static Func<LayerShape, MachineProfile, int, KernelCost> Masked(DecodeFormat format) => (layer, machine, threads) =>
    {
        var shape = new DecodeShape(format, layer.Columns);
        var words = RowWords(layer);
        var integers = format is DecodeFormat.MaskedBytes or DecodeFormat.DenseBytes;
        var dots = integers ? 1 : format == DecodeFormat.MaskedFloats ? 4 : 6; // of 64 columns, those of 16 bits being split
        var dense = format == DecodeFormat.DenseBytes;
        var steps = DecodeShape.WordColumns / shape.StepColumns;
        var bytes = dense ? layer.Rows * (double)layer.Depth : words * 8 + layer.NonZeros * shape.ValueBytes;
        // Masks, counts and the first vector come with the expansion; further vectors share it.
        return Read(layer, machine, bytes, $"{shape.Rows} rows together")
            .With("expansion", dense ? 0 : words * (0.8 + steps * 1.25 / Math.Max(machine.ExpansionsPerNs, 0.5))).Then()
            .With("multiply-adds", words * (layer.Columns - (dense ? 0 : 1)) * dots * 1.6 /
                (integers ? machine.ByteDotsPerNs : machine.MultiplyAddsPerNs));
    };

    /// <summary>All weights in 3 or 4 bits, with a scale a group.</summary>
    public static Func<LayerShape, MachineProfile, int, KernelCost> Grouped(int bits) => (layer, machine, threads) =>
    {
        var shape = new GroupedShape(bits, 64, layer.Columns);
        var words = RowWords(layer);
        // Unpacking is a few shifts and masks; every product is made a float and scaled by itself.
        return Read(layer, machine, words * (8.0 * bits + 2), $"{shape.Rows} rows together, groups of 64")
            .With("unpacking", words * (bits == 4 ? 5 : 8) / machine.MultiplyAddsPerNs)
            .With("multiply-adds", words * layer.Columns * (1 / machine.ByteDotsPerNs + 4 / machine.MultiplyAddsPerNs));
    };

    /// <summary>The compiled twins: a non-zero and vector at a time.</summary>
    public static Func<LayerShape, MachineProfile, int, KernelCost> Portable(double nsAPlace, double nsANonZero) =>
        (layer, machine, threads) => new KernelCost { Blocking = "a row at a time" }
            .With("places", layer.Rows * (double)layer.Depth * nsAPlace)
            .With("multiply-adds", layer.NonZeros * layer.Columns * nsANonZero);

    /// <summary>Columns of inputs that are not zero.</summary>
    public static KernelCost ActiveColumns(LayerShape layer, MachineProfile machine, int threads)
    {
        var entries = layer.NonZeros * (1 - layer.ZeroInputs);
        return new KernelCost { Blocking = "columns of active inputs" }
            // A load, a multiply-add and a store to an address that the entry names.
            .With("entries", entries * 0.8)
            .With("weights", entries * 6 / machine.BytesPerNs(layer.NonZeros * 6 / threads))
            .Then()
            // Every column is a loop of its own, whose end is misjudged; on all threads alike.
            .With("columns", layer.Depth * ((1 - layer.ZeroInputs) * 50 * threads + 0.3 * threads) + layer.Rows * 0.5);
    }

    private static double RowWords(LayerShape layer) => layer.Rows * Math.Ceiling(layer.Depth / (double)DecodeShape.WordColumns);

    private static KernelCost Read(LayerShape layer, MachineProfile machine, double bytes, string blocking) =>
        new KernelCost { Blocking = blocking, CodeBytes = 4096 }
            .With("packing", layer.Depth * layer.Columns * 0.15).Then()
            .With("weights", bytes / machine.BytesPerNs(bytes))
            .With("results", layer.Rows * layer.Columns * 0.6);
}
