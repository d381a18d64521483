using Connecto.Sparse.Kernels;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planning;

/// <summary>The one table of all kernels: a new one is an entry here and a formula beside.</summary>
internal static partial class KernelVariants
{
    /// <summary>Generated AVX-512 code for the non-zeros of a matrix.</summary>
    public static KernelVariant Stream { get; } = new("stream", FloatCosts.Stream)
    {
        Format = "instruction stream",
        Precision = WeightPrecision.Float32,
        Instructions = "AVX-512 F, DQ (generated)",
        Applies = "products with a batch, up to 4 million non-zeros",
        MachineObstacle = () => StreamSupport.MachineObstacle,
        LayerObstacle = layer => Kind(layer, LayerInput.Matrix) ?? StreamSize(layer),
    };

    /// <summary>Compiled rows times panels.</summary>
    public static KernelVariant Portable { get; } = new("portable", FloatCosts.CompiledRows)
    {
        Format = "compressed rows",
        Precision = WeightPrecision.Float32,
        Instructions = Compiled,
        Applies = "products of any size",
        LayerObstacle = layer => Kind(layer, LayerInput.Matrix),
    };

    /// <summary>All weights times panels.</summary>
    public static KernelVariant Dense { get; } = new("dense", FloatCosts.Dense)
    {
        Format = "dense",
        Precision = WeightPrecision.Float32,
        Instructions = Compiled,
        Applies = "products with a batch whose weights are all stored",
        LayerObstacle = layer => Kind(layer, LayerInput.Matrix)
            ?? (layer.Density >= 1 ? null : "it multiplies the zeros too, which changes what infinity and NaN come to"),
    };

    /// <summary>Compressed rows times vectors, one by one.</summary>
    public static KernelVariant Rows { get; } = new("csr rows", FloatCosts.RowsTimesVector)
    {
        Format = "compressed rows",
        Precision = WeightPrecision.Float32,
        Instructions = "scalar",
        Applies = "products with up to 8 vectors",
        LayerObstacle = layer => Kind(layer, LayerInput.Matrix) ?? Vectors(layer, DecodeOptions.MostVectors),
    };

    /// <summary>Compressed rows with short column numbers.</summary>
    public static KernelVariant ShortRows { get; } = new("short rows", FloatCosts.ShortRows)
    {
        Format = "compressed rows, 16-bit columns",
        Precision = WeightPrecision.Float32,
        Instructions = "scalar",
        Applies = "products with up to 8 vectors and few entries",
        LayerObstacle = layer => Few(layer),
    };

    /// <summary>Generated code over shifted planes.</summary>
    public static KernelVariant StreamConvolution { get; } = new("stream convolution", FloatCosts.StreamConvolution)
    {
        Format = "instruction stream",
        Precision = WeightPrecision.Float32,
        Instructions = "AVX-512 F, DQ (generated)",
        Applies = "convolutions of a session, up to 4 million non-zeros",
        MachineObstacle = () => StreamSupport.MachineObstacle,
        LayerObstacle = layer => Kind(layer, LayerInput.Planes) ?? StreamSize(layer),
    };

    /// <summary>Compiled rows over shifted planes.</summary>
    public static KernelVariant SparseConvolution { get; } = new("sparse convolution", FloatCosts.CompiledConvolution)
    {
        Format = "compressed rows",
        Precision = WeightPrecision.Float32,
        Instructions = Compiled,
        Applies = "convolutions of a session",
        LayerObstacle = layer => Kind(layer, LayerInput.Planes),
    };

    /// <summary>All weights over shifted planes.</summary>
    public static KernelVariant DenseConvolution { get; } = new("dense convolution", FloatCosts.DenseConvolution)
    {
        Format = "dense",
        Precision = WeightPrecision.Float32,
        Instructions = Compiled,
        Applies = "convolutions of a session",
        LayerObstacle = layer => Kind(layer, LayerInput.Planes),
    };

    /// <summary>Columns of inputs that are not zero.</summary>
    public static KernelVariant ActiveColumns { get; } = new("active columns", DecodeCosts.ActiveColumns)
    {
        Format = "compressed columns",
        Precision = WeightPrecision.Float32,
        Instructions = "scalar",
        Applies = "products with one vector, some of whose inputs are 0",
        LayerObstacle = layer => Kind(layer, LayerInput.Matrix) ?? Vectors(layer, 1),
    };

    /// <summary>All variants.</summary>
    public static IReadOnlyList<KernelVariant> Table { get; } =
    [
        Stream, Portable, Dense, Rows, ShortRows, ActiveColumns, .. FewVectors(), StreamConvolution, SparseConvolution, DenseConvolution, .. Bytes(),
    ];

    private static string Compiled => $"compiled ({KernelTable.Chosen.Name})";

    private static string? Kind(LayerShape layer, LayerInput input) => layer.Input == input ? null
        : input == LayerInput.Matrix ? "it reads a matrix, and this layer planes" : "it reads planes, and this layer a matrix";

    private static string? StreamSize(LayerShape layer) => layer.NonZeros <= StreamSupport.MostNonZeros ? null
        : FormattableString.Invariant($"{layer.NonZeros:F0} non-zeros are more than {StreamSupport.MostNonZeros}");

    private static string? Vectors(LayerShape layer, int most) =>
        layer.Columns <= most ? null : $"it is for up to {most} vector{(most == 1 ? "" : "s")}, not {layer.Columns}";
}
