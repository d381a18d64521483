namespace Connecto.Benchmarks.Tests;

public sealed class KernelWorkloadTests
{
    [Theory]
    [InlineData(KernelPrecision.Fp32)]
    [InlineData(KernelPrecision.Int8)]
    [InlineData(KernelPrecision.Int8Block4)]
    [InlineData(KernelPrecision.BFloat16)]
    [InlineData(KernelPrecision.Int4Group64)]
    [InlineData(KernelPrecision.Int3Group64)]
    public void Weights_have_the_zeros_asked_for_and_are_the_same_dense_and_compressed(KernelPrecision precision)
    {
        foreach (var sparsity in new[] { 0, 0.5, 0.9, 1 })
        {
            using var load = new KernelWorkload(new KernelShape(LayerKind.Product, 96, 200, 3), precision, sparsity, 1);
            Assert.InRange(load.Matrix.Density, 0.97 * (1 - sparsity) - 0.02, 1.03 * (1 - sparsity) + 0.02);
            var dense = new float[96 * 200];
            for (var row = 0; row < 96; row++)
                for (var i = load.Matrix.RowStarts[row]; i < load.Matrix.RowStarts[row + 1]; i++)
                    dense[row * 200 + load.Matrix.ColumnIndices[i]] = load.Matrix.Values[i];
            Assert.Equal(dense, load.Weights.Span.ToArray());
        }
    }

    [Fact]
    public void Blocks_of_four_are_kept_or_zero_together()
    {
        using var load = new KernelWorkload(new KernelShape(LayerKind.Product, 16, 64, 2), KernelPrecision.Int8Block4, 0.7, 1);
        for (var place = 0; place < 16 * 64; place += 4)
            Assert.Single(load.Weights.Span.Slice(place, 4).ToArray().Select(w => w == 0).Distinct());
    }

    [Fact]
    public void The_answer_of_a_convolution_is_its_definition()
    {
        var shape = new KernelShape(LayerKind.Convolution3, 3, 18, 25);
        using var load = new KernelWorkload(shape, KernelPrecision.Int8, 0.3, 1);
        for (var m = 0; m < 3; m++)
            for (var y = 0; y < 5; y++)
                for (var x = 0; x < 5; x++)
                {
                    var sum = 0;
                    for (var c = 0; c < 2; c++)
                        for (var i = 0; i < 9; i++)
                        {
                            var (row, column) = (y + i / 3 - 1, x + i % 3 - 1);
                            if (row is < 0 or > 4 || column is < 0 or > 4) continue;
                            sum += load.WeightBytes.Span[m * 18 + c * 9 + i] * load.RowBytes.Span[c * 25 + row * 5 + column];
                        }
                    load.Result.Span[m * 25 + y * 5 + x] = BitConverter.Int32BitsToSingle(sum);
                }
        Assert.Equal(0, load.Error(ResultOrder.Rows));
    }

    [Fact]
    public void A_wrong_or_missing_result_has_an_error()
    {
        using var load = new KernelWorkload(new KernelShape(LayerKind.Product, 4, 8, 2), KernelPrecision.Fp32, 0, 1);
        load.ClearResult();
        Assert.Equal(double.PositiveInfinity, load.Error(ResultOrder.Rows));
        load.Result.Span.Clear();
        Assert.True(load.Error(ResultOrder.Rows) > 0.01);
    }
}
