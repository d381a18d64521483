using Connecto.Sparse.Decode;
using Connecto.Sparse.Kernels;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planning;

/// <summary>Products with up to 8 vectors, and products of bytes.</summary>
internal static partial class KernelVariants
{
    private const string FewApplies = "products with up to 8 vectors", Generated = "(generated)";

    private static IEnumerable<KernelVariant> FewVectors() =>
    [
        Masked("bitmask fp32", WeightPrecision.Float32, DecodeFormat.MaskedFloats, "AVX-512 F, DQ", static () => StreamSupport.MachineObstacle),
        MaskedPortable("bitmask fp32 portable", WeightPrecision.Float32, 6.5),
        Masked(
            "bitmask bf16", WeightPrecision.BFloat16, DecodeFormat.MaskedHalves, "AVX-512 VBMI2",
            static () => StreamSupport.MachineObstacle ?? DecodeSupport.ExpansionObstacle),
        MaskedPortable("bitmask bf16 portable", WeightPrecision.BFloat16, 5),
        Masked(
            "bitmask int8", WeightPrecision.Int8, DecodeFormat.MaskedBytes, "AVX-512 VNNI, VBMI2",
            static () => StreamSupport.BytesObstacle ?? DecodeSupport.ExpansionObstacle),
        MaskedPortable("bitmask int8 portable", WeightPrecision.Int8, 1.3),
        Masked("dense int8", WeightPrecision.Int8, DecodeFormat.DenseBytes, "AVX-512 VNNI", static () => StreamSupport.BytesObstacle),
        Grouped("grouped int4", WeightPrecision.Int4, 4), GroupedPortable("grouped int4 portable", WeightPrecision.Int4),
        Grouped("grouped int3", WeightPrecision.Int3, 3), GroupedPortable("grouped int3 portable", WeightPrecision.Int3),
    ];

    private static IEnumerable<KernelVariant> Bytes() =>
    [
        new("blocks int8", ByteCosts.Blocks)
        {
            Format = "blocks of 1 x 4", Precision = WeightPrecision.Int8, Instructions = "AVX-512 VNNI (generated)",
            Applies = "products, zeros in blocks of 1 x 4", MachineObstacle = static () => StreamSupport.BytesObstacle, LayerObstacle = Sums,
        },
        new("gathered int8", ByteCosts.Gathered)
        {
            Format = "gathered blocks of 4", Precision = WeightPrecision.Int8, Instructions = "AVX-512 VNNI (generated)",
            Applies = "products, zeros anywhere", MachineObstacle = static () => StreamSupport.BytesObstacle, LayerObstacle = Sums,
        },
        new("blocks int8 portable", ByteCosts.Compiled)
        {
            Format = "blocks of 1 x 4", Precision = WeightPrecision.Int8, Instructions = Compiled, Applies = "products",
            LayerObstacle = Sums,
        },
    ];

    private static KernelVariant Masked(
        string name, WeightPrecision precision, DecodeFormat format, string instructions, Func<string?> obstacle) =>
        new(name, DecodeCosts.Masked(format))
        {
            Format = format == DecodeFormat.DenseBytes ? "dense" : "bitmask",
            Precision = precision,
            Instructions = $"{instructions} {Generated}",
            Applies = FewApplies,
            MachineObstacle = obstacle,
            LayerObstacle = Few,
        };

    private static KernelVariant MaskedPortable(string name, WeightPrecision precision, double nsANonZero) =>
        new(name, DecodeCosts.Portable(nsAPlace: 0.1, nsANonZero))
        {
            Format = "bitmask",
            Precision = precision,
            Instructions = "scalar",
            Applies = FewApplies,
            LayerObstacle = Few,
        };

    private static KernelVariant Grouped(string name, WeightPrecision precision, int bits) => new(name, DecodeCosts.Grouped(bits))
    {
        Format = $"{bits} bits in groups",
        Precision = precision,
        Instructions = $"AVX-512 VNNI {Generated}",
        Applies = FewApplies,
        MachineObstacle = static () => StreamSupport.BytesObstacle,
        LayerObstacle = Few,
    };

    private static KernelVariant GroupedPortable(string name, WeightPrecision precision) =>
        new(name, DecodeCosts.Portable(nsAPlace: 0, nsANonZero: 5.2))
        {
            Format = $"{precision.ToString()[3..]} bits in groups",
            Precision = precision,
            Instructions = "scalar",
            Applies = FewApplies,
            LayerObstacle = Few,
        };

    private static string? Few(LayerShape layer) => Kind(layer, LayerInput.Matrix) ?? Vectors(layer, DecodeOptions.MostVectors);

    private static string? Sums(LayerShape layer) => Kind(layer, LayerInput.Matrix) ??
        (layer.Depth <= 65_000 ? null : $"sums of {layer.Depth} products of bytes may overflow");
}
