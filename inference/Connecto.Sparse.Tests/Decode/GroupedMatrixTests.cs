using Connecto.Sparse.Decode;
using Connecto.Sparse.Tests.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests.Decode;

public class GroupedMatrixTests
{
    [Fact]
    public void Every_weight_is_within_half_its_groups_scale() =>
        Prop.ForAll(Shapes(), shape =>
        {
            var weights = SampleMatrices.Real(shape.Rows * shape.Columns, shape.Seed);
            for (var i = 0; i < weights.Length; i += 3) weights[i] = i % 2 == 0 ? 0 : weights[i] * MathF.Pow(2, shape.Seed % 200 - 100);
            var matrix = GroupedMatrix.Quantize(weights, shape.Rows, shape.Columns, shape.Bits, shape.Group);
            var dense = matrix.ToDense();
            for (var i = 0; i < weights.Length; i++)
            {
                double scale = matrix.Scales[i / shape.Columns * matrix.GroupsPerRow + i % shape.Columns / shape.Group];
                Assert.True(Math.Abs((double)weights[i] - dense[i]) <= scale / 2);
                Assert.Equal(matrix[i / shape.Columns, i % shape.Columns] * scale, dense[i]);
                if (weights[i] == 0) Assert.Equal(0, dense[i]);
            }
            var csr = CsrMatrix.FromEntries(
                shape.Rows, shape.Columns,
                weights.Select((w, i) => (i / shape.Columns, i % shape.Columns, w)).Where(e => e.w != 0));
            Assert.Equal(dense, GroupedMatrix.Quantize(csr, shape.Bits, shape.Group).ToDense());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Products_have_the_bits_of_their_definition_by_every_kernel_for_any_shape() =>
        Prop.ForAll(Shapes(), shape =>
        {
            var weights = SampleMatrices.Real(shape.Rows * shape.Columns, shape.Seed);
            var matrix = GroupedMatrix.Quantize(weights, shape.Rows, shape.Columns, shape.Bits, shape.Group);
            var dense = matrix.ToDense();
            var x = DecodeProductTests.Bytes(shape.Batch * shape.Columns, shape.Seed);
            var (zero, bias) = (shape.Seed % 256, SampleMatrices.Real(shape.Rows, 3));
            float[]? first = null;
            foreach (var kernel in Usable(matrix, shape.Batch))
                foreach (var threads in new[] { 1, 2 })
                {
                    using var product = DecodeProduct.Create(
                        matrix, new() { Batch = shape.Batch, Threads = threads, Bias = bias, Kernel = kernel });
                    Assert.Equal(kernel, product.Kernel);
                    var y = Enumerable.Repeat(float.NaN, shape.Batch * shape.Rows).ToArray();
                    product.Run(x, 0.125f, zero, y);
                    Assert.Equal(first ??= y, y);
                }
            for (var i = 0; i < first!.Length; i++)
            {
                var (n, row) = (i / shape.Rows, i % shape.Rows);
                double right = 0, most = 1;
                for (var k = 0; k < shape.Columns; k++)
                {
                    right += (double)dense[row * shape.Columns + k] * (x[n * shape.Columns + k] - zero);
                    most += Math.Abs(dense[row * shape.Columns + k]) * 255;
                }
                Assert.Equal(right * 0.125 + bias[row], first[i], most * 1e-6);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whole_sums_are_exact_and_floats_are_made_into_bytes()
    {
        // A scale of 1 in every group: nothing rounds.
        var weights = Enumerable.Range(0, 6 * 700).Select(i => (float)(i * 7 % 15 - 7)).ToArray();
        for (var i = 0; i < weights.Length; i += 4) weights[i] = 7;
        var matrix = GroupedMatrix.Quantize(weights, 6, 700, 4, 32);
        Assert.All(matrix.Scales.ToArray(), s => Assert.Equal(1f, s));
        Assert.Equal(weights, matrix.ToDense());
        var x = Enumerable.Range(0, 700).Select(k => (float)(k % 256 - 100)).ToArray(); // scale 1, zero point 100
        var expected = Enumerable.Range(0, 6).Select(r => Enumerable.Range(0, 700).Sum(k => weights[r * 700 + k] * x[k])).ToArray();
        foreach (var kernel in Usable(matrix, 1))
        {
            using var product = DecodeProduct.Create(matrix, new() { Kernel = kernel, Activation = ProductActivation.Relu });
            var y = new float[6];
            product.Run(x, y);
            Assert.Equal(expected.Select(v => Math.Max(v, 0)), y);
            x[3] = float.NaN;
            product.Run(x, y);
            Assert.All(y, v => Assert.True(float.IsNaN(v)));
            x[3] = -97;
            Assert.Equal(0, Allocation.Of(() => product.Run(x, y)));
        }
    }

    [Fact]
    public void What_is_no_such_matrix_is_refused()
    {
        _ = new GroupedMatrix(2, 3, 3, 32, [1, 1, 2, 1], [(BFloat16)1f, (BFloat16)0f]);
        Assert.Throws<ArgumentException>(() => new GroupedMatrix(2, 3, 3, 32, [1, 2, 2, 1], [(BFloat16)1f, (BFloat16)1f])); // beyond
        Assert.Throws<ArgumentException>(() => new GroupedMatrix(2, 3, 3, 32, [1, 1, 2], [(BFloat16)1f, (BFloat16)1f]));
        Assert.Throws<ArgumentException>(() => new GroupedMatrix(2, 3, 3, 32, [1, 1, 2, 1], [(BFloat16)1f]));
        Assert.Throws<ArgumentException>(() => new GroupedMatrix(1, 2, 4, 64, [1], [(BFloat16)float.NaN]));
        Assert.Throws<ArgumentException>(() => new GroupedMatrix(1, 2, 4, 64, [1], [(BFloat16)(-1f)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GroupedMatrix(1, 2, 5, 64, [1, 0], [(BFloat16)1f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GroupedMatrix.Quantize([1f], 1, 1, 4, 16));
        Assert.Throws<ArgumentException>(() => GroupedMatrix.Quantize([1f, 2f], 1, 1, 4, 32));
        Assert.Throws<ArgumentException>(() => GroupedMatrix.Quantize([float.PositiveInfinity], 1, 1, 4, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GroupedMatrix(1, 2, 4, 64, [1], [(BFloat16)1f])[0, 2]);
    }

    [Fact]
    public void Every_kernel_is_read_back_without_a_byte_left_over()
    {
        foreach (var bits in new[] { 3, 4 })
            foreach (var group in new[] { 32, 64 })
                for (var batch = 1; batch <= DecodeOptions.MostVectors; batch++)
                {
                    var code = GroupedEmitter.Emit(new GroupedShape(bits, group, batch));
                    var decoder = Iced.Intel.Decoder.Create(64, new Iced.Intel.ByteArrayCodeReader(code));
                    var last = default(Iced.Intel.Instruction);
                    while (decoder.IP < (ulong)code.Length)
                    {
                        last = decoder.Decode();
                        Assert.False(last.IsInvalid);
                    }
                    Assert.Equal(Iced.Intel.Mnemonic.Ret, last.Mnemonic);
                }
    }

    private static DecodeKernel[] Usable(GroupedMatrix matrix, int batch) =>
        DecodeSupport.Obstacle(matrix, new GroupedShape(matrix.Bits, matrix.Group, batch)) is null
            ? [DecodeKernel.Portable, DecodeKernel.Generated] : [DecodeKernel.Portable];

    private sealed record Shape(int Rows, int Columns, int Batch, int Bits, int Group, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from rows in Gen.Choose(0, 20)
         from columns in Gen.OneOf(Gen.Choose(1, 140), Gen.Choose(500, 600))
         from batch in Gen.Choose(1, DecodeOptions.MostVectors)
         from bits in Gen.Choose(3, 4)
         from pair in Gen.Choose(1, 2)
         from seed in Gen.Choose(0, 1000)
         select new Shape(rows, columns, batch, bits, 32 * pair, seed)).ToArbitrary();
}
