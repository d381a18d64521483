using System.Diagnostics;
using Connecto.Sparse.Tests.Streams;

namespace Connecto.Sparse.Tests.Planning;

/// <summary>A layer with random weights, and how long its kernels really take.</summary>
internal sealed record MeasuredLayer(
    int Rows, int Depth, int Columns, double Density, WeightPrecision Precision = WeightPrecision.Float32, int Edge = 0)
{
    public override string ToString() =>
        FormattableString.Invariant($"{Rows} x {Depth} x {Columns} {100 * Density:0.#} %{(Edge > 0 ? " conv" : "")} {Precision}");

    /// <summary>A 3 x 3 convolution of square planes.</summary>
    public static MeasuredLayer Convolution(int outputs, int inputs, int edge, double density) =>
        new(outputs, inputs * 9, edge * (edge + 1), density, Edge: edge);

    /// <summary>Microseconds by kernel: the least of several short turns, taken in turn.</summary>
    public IReadOnlyList<(KernelEstimate Estimate, double Microseconds)> Measure(int turns)
    {
        var matrix = SampleMatrices.Real(Rows, Depth, Density, seed: 1);
        var layer = LayerShape.Of(matrix, Columns) with { Precision = Precision };
        if (Edge > 0) layer = layer with { Input = LayerInput.Planes, Window = 9 };
        var kernels = new List<(KernelEstimate Estimate, Action Run, IDisposable? Owner)>();
        foreach (var variant in KernelVariant.All)
            if (variant.Estimate(layer, MachineProfile.Current, 1) is { Obstacle: null } estimate &&
                Runs(variant.Name, matrix) is { } runs)
                kernels.Add((estimate, runs.Run, runs.Owner));

        var least = new double[kernels.Count];
        Array.Fill(least, double.MaxValue);
        foreach (var (_, run, _) in kernels) run();
        for (var turn = 0; turn < turns; turn++)
            for (var k = 0; k < kernels.Count; k++)
            {
                // The second of two: the first fetches what the other kernels have pushed out of the caches.
                kernels[k].Run();
                var begin = Stopwatch.GetTimestamp();
                kernels[k].Run();
                least[k] = Math.Min(least[k], (Stopwatch.GetTimestamp() - begin) * 1e6 / Stopwatch.Frequency);
            }
        foreach (var (_, _, owner) in kernels) owner?.Dispose();
        return [.. kernels.Select((kernel, k) => (kernel.Estimate, least[k]))];
    }

    private (Action Run, IDisposable? Owner)? Runs(string kernel, CsrMatrix matrix)
    {
        var (x, y) = (SampleMatrices.Real(Depth * Columns, seed: 2), new float[Rows * Columns]);
        var bytes = Array.ConvertAll(x, v => (byte)(128 + 200 * v));
        // The twins of the kernels for few vectors are there to be right, not fast; timing them would take seconds.
        if (kernel.EndsWith("portable", StringComparison.Ordinal) && kernel is not ("portable" or "blocks int8 portable")) return null;
        switch (kernel)
        {
            case "stream" or "portable" or "rows":
                var product = SparseProduct.Create(
                    matrix, new() { Columns = Columns, Kernel = Enum.Parse<ProductKernel>(kernel, ignoreCase: true) });
                return (() => product.Run(x, y), product);
            case "csr rows":
                return (() =>
                {
                    for (var n = 0; n < Columns; n++) matrix.Multiply(x.AsSpan(n * Depth, Depth), y.AsSpan(n * Rows, Rows));
                }, null);
            case "short rows":
                var rows = DecodeProduct.Create(matrix, new DecodeOptions { Batch = Columns, Kernel = DecodeKernel.Portable });
                return (() => rows.Run(x, y), rows);
            case "active columns":
                var active = ColumnProduct.Create(matrix.ToCsc(), new());
                return (() => active.Run(x, y), active);
            case "blocks int8":
                return Bytes(ByteProduct.Create(BlockMatrix.Quantize(matrix), new() { Columns = Columns, Kernel = ProductKernel.Stream }));
            case "gathered int8":
                return Bytes(ByteProduct.Create(ByteMatrix.Quantize(matrix), new() { Columns = Columns, Kernel = ProductKernel.Stream }));
            case "blocks int8 portable":
                return Bytes(ByteProduct.Create(ByteMatrix.Quantize(matrix), new() { Columns = Columns, Kernel = ProductKernel.Portable }));
            case "dense convolution" or "sparse convolution" or "stream convolution":
                var window = new Tensor("weights", Rows, Depth / 9, 3, 3);
                matrix.ToDense().CopyTo(window.Data);
                var kind = Enum.Parse<ConvolutionKernel>(kernel.Split(' ')[0], ignoreCase: true);
                var convolution = SparseConvolution.Create(window, new() { Size = new Extent(Edge, Edge), Kernel = kind });
                var (planes, results) = (x[..(Depth / 9 * Edge * Edge)], new float[Rows * Edge * Edge]);
                return (() => convolution.Run(planes, results), convolution);
            default:
                var options = new DecodeOptions { Batch = Columns, Kernel = DecodeKernel.Generated };
                DecodeProduct decode = Precision switch
                {
                    WeightPrecision.Float32 => DecodeProduct.Create(BitmaskMatrix.FromCsr(matrix), options),
                    WeightPrecision.BFloat16 => DecodeProduct.Create(BitmaskMatrix.RoundToBFloat16(matrix), options),
                    WeightPrecision.Int8 when kernel == "dense int8" => DecodeProduct.CreateDense(
                        Array.ConvertAll(matrix.ToDense(), v => (sbyte)(100 * v)), Rows, Depth, [], options),
                    WeightPrecision.Int8 => DecodeProduct.Create(BitmaskMatrix.Quantize(matrix), options),
                    _ => DecodeProduct.Create(GroupedMatrix.Quantize(matrix, Precision == WeightPrecision.Int4 ? 4 : 3, 64), options),
                };
                return (() => decode.Run(x, y), decode);
        }

        (Action, IDisposable?) Bytes(ByteProduct product) => (() => product.Run(bytes, y), product);
    }
}
