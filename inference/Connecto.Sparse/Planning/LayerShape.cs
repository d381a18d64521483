namespace Connecto.Sparse;

/// <summary>Where a layer finds its inputs.</summary>
public enum LayerInput
{
    /// <summary>In a matrix X of samples, tokens or pixels, which kernels copy as they need it: Y = W X.</summary>
    Matrix,

    /// <summary>In planes of a network, where the layer before left them: a convolution, which copies
    /// nothing.</summary>
    Planes,
}

/// <summary>In what precision a layer's weights are kept.</summary>
public enum WeightPrecision
{
    /// <summary>Floats of 32 bits, inputs likewise.</summary>
    Float32,

    /// <summary>Floats of 16 bits (bfloat16), inputs of 32.</summary>
    BFloat16,

    /// <summary>Signed bytes, inputs unsigned bytes.</summary>
    Int8,

    /// <summary>4 bits in groups that share a scale.</summary>
    Int4,

    /// <summary>3 bits in groups that share a scale.</summary>
    Int3,
}

/// <summary>All that the cost model knows of a layer.</summary>
public sealed record LayerShape
{
    /// <summary>Where the layer finds its inputs.</summary>
    public LayerInput Input { get; init; }

    /// <summary>Rows of the weights: outputs; 0 or more.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of the weights: inputs of one output, a convolution's window included; 0 or more.</summary>
    public required int Depth { get; init; }

    /// <summary>Columns of the dense operand: batch, tokens, or pixels of a plane with its borders; 1 or more.</summary>
    public required int Columns { get; init; }

    /// <summary>Share of the weights that are kept, 0 to 1.</summary>
    public required double Density { get; init; }

    /// <summary>The weights' precision.</summary>
    public WeightPrecision Precision { get; init; }

    /// <summary>Share of the blocks of 1 x 4 weights that hold one kept, 0 to 1. Unless said otherwise the weights
    /// kept are taken as strewn at random.</summary>
    public double BlockDensity
    {
        get => blockDensity ?? 1 - Math.Pow(1 - Density, 4);
        init => blockDensity = value;
    }

    /// <summary>Places of a convolution's window, 9 for 3 x 3; 1 for a product.</summary>
    public int Window { get; init; } = 1;

    /// <summary>Share of the inputs that are 0 in a typical run, 0 to 1; what kernels that skip them gain by.</summary>
    public double ZeroInputs { get; init; }

    /// <summary>Number of weights kept.</summary>
    public double NonZeros => Density * Rows * Depth;

    private readonly double? blockDensity;

    /// <summary>The layer that a matrix is, its blocks counted.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="columns">Columns of the dense operand, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one column.</exception>
    /// <remarks>O(entries).</remarks>
    public static LayerShape Of(CsrMatrix weights, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        long blocks = 0;
        for (var row = 0; row < weights.Rows; row++)
        {
            var last = -1;
            foreach (var column in weights.ColumnIndices[weights.RowStarts[row]..weights.RowStarts[row + 1]])
                if (column / 4 != last) (last, blocks) = (column / 4, blocks + 1);
        }
        var places = weights.Rows * (double)((weights.Columns + 3) / 4);
        return new LayerShape
        {
            Rows = weights.Rows,
            Depth = weights.Columns,
            Columns = columns,
            Density = weights.Density,
            BlockDensity = places == 0 ? 0 : blocks / places,
        };
    }

    /// <summary>Inputs that at least one of so many rows uses, where weights kept are strewn at random.</summary>
    internal double InputsUsed(double rows) => Depth * (1 - Math.Pow(1 - Density, rows));

    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    internal void Check()
    {
        if (Rows < 0 || Depth < 0 || Columns < 1 || Window < 1)
            throw new ArgumentException(
                $"A layer has 0 or more rows and inputs and 1 or more columns and places of its window; found {Rows} x {Depth} x {Columns}, {Window}.");
        if (!(Density is >= 0 and <= 1 && BlockDensity is >= 0 and <= 1 && ZeroInputs is >= 0 and <= 1))
            throw new ArgumentException(
                $"Shares lie between 0 and 1; found {Density} of weights, {BlockDensity} of blocks, {ZeroInputs} of inputs.");
    }
}
