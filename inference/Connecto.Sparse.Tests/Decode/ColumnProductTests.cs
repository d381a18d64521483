using Connecto.Sparse.Decode;
using Connecto.Sparse.Tests.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Sparse.Tests.Decode;

public class ColumnProductTests
{
    [Fact]
    public void A_product_agrees_with_the_definition_for_any_shape_density_and_activity() =>
        Prop.ForAll(Shapes(), shape =>
        {
            var matrix = SampleMatrices.Whole(shape.Rows, shape.Columns, shape.Density / 10.0, shape.Seed);
            var (x, bias) = (Active(shape.Columns, shape.Activity / 10.0, shape.Seed), SampleMatrices.Whole(shape.Rows, shape.Seed + 1));
            foreach (var activation in new[] { ProductActivation.None, ProductActivation.Relu })
            {
                var expected = Array.ConvertAll(SampleMatrices.Define(matrix, x, 1, bias, activation), v => (float)v);
                foreach (var threads in new[] { 1, 2, 5 })
                {
                    using var product = ColumnProduct.Create(
                        Columns(matrix), new() { Threads = threads, Bias = bias, Activation = activation });
                    var y = Enumerable.Repeat(float.NaN, shape.Rows).ToArray();
                    Assert.Equal(x.Count(v => v != 0), product.Run(x, y));
                    Assert.Equal(expected, y);
                    Array.Fill(y, float.NaN);
                    var active = Enumerable.Range(0, x.Length).Where(k => x[k] != 0).ToArray();
                    product.Run(active, [.. active.Select(k => x[k])], y);
                    Assert.Equal(expected, y);
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits_close_to_double_precision()
    {
        // More rows than one block has.
        var matrix = SampleMatrices.Real(40_000, 40, 0.1, 1);
        var (x, bias) = (Active(40, 0.7, 2), SampleMatrices.Real(40_000, 3));
        for (var k = 0; k < x.Length; k++) x[k] /= 7;
        var expected = SampleMatrices.Define(matrix, x, 1, bias, ProductActivation.None);
        float[]? first = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var product = ColumnProduct.Create(Columns(matrix), new() { Threads = threads, Bias = bias });
            var y = new float[40_000];
            product.Run(x, y);
            for (var i = 0; i < y.Length; i++) Assert.Equal(expected[i], y[i], 1e-6);
            first ??= y;
            Assert.Equal(first, y);
        }
    }

    [Fact]
    public void NaN_is_active_and_columns_of_zeros_are_not_read()
    {
        var matrix = CsrMatrix.FromEntries(3, 3, [(0, 0, float.NaN), (0, 1, 1f), (1, 1, 2f), (2, 2, 1f)]);
        using var product = ColumnProduct.Create(Columns(matrix), new() { Activation = ProductActivation.Relu });
        var y = new float[3];
        Assert.Equal(2, product.Run([-0f, 1f, float.NaN], y));
        Assert.Equal([1f, 2f, float.NaN], y);
        Assert.Equal(3, product.Run([float.Epsilon, float.NegativeInfinity, 3f], y));
        Assert.Equal([float.NaN, 0f, 3f], y);
    }

    [Fact]
    public void Active_inputs_are_found_in_every_place_of_every_width()
    {
        for (var length = 0; length < 70; length++)
            for (var active = 0; active < length; active++)
            {
                var x = new float[length];
                x[active] = active % 2 == 0 ? float.NaN : -1;
                var (indices, values) = (new int[length], new float[length]);
                Assert.Equal(1, ActiveInputs.Find(x, indices, values));
                Assert.Equal((active, x[active]), (indices[0], values[0]));
            }
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_run()
    {
        using var product = ColumnProduct.Create(Columns(SampleMatrices.Real(200, 100, 0.2, 1)), new() { Threads = 2 });
        var (x, y) = (Active(100, 0.3, 1), new float[200]);
        product.Run(x, y);
        Assert.Equal(0, Allocation.Of(() => product.Run(x, y)));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var matrix = Columns(SampleMatrices.Real(4, 5, 0.5, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ColumnProduct.Create(matrix, new() { Threads = 0 }));
        Assert.Throws<ArgumentException>(() => ColumnProduct.Create(matrix, new() { Bias = new float[3] }));
        var product = ColumnProduct.Create(matrix, new());
        Assert.Throws<ArgumentException>(() => product.Run(new float[4], new float[4]));
        Assert.Throws<ArgumentException>(() => product.Run(new float[5], new float[5]));
        Assert.Throws<ArgumentException>(() => product.Run([1, 1], [1f, 1f], new float[4]));
        Assert.Throws<ArgumentException>(() => product.Run([1, 5], [1f, 1f], new float[4]));
        Assert.Throws<ArgumentException>(() => product.Run([-1], [1f], new float[4]));
        Assert.Throws<ArgumentException>(() => product.Run([1], [1f, 1f], new float[4]));
        product.Dispose();
        product.Dispose();
        Assert.Throws<ObjectDisposedException>(() => product.Run(new float[5], new float[4]));
    }

    private static CscMatrix Columns(CsrMatrix matrix) => matrix.ToCsc();

    private static float[] Active(int count, double share, int seed)
    {
        var random = new System.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < share ? random.Next(1, 5) : 0f)];
    }

    private sealed record Shape(int Rows, int Columns, int Density, int Activity, int Seed);

    private static Arbitrary<Shape> Shapes() =>
        (from rows in Gen.Choose(0, 100)
         from columns in Gen.Choose(0, 150)
         from density in Gen.Choose(0, 10)
         from activity in Gen.Choose(0, 10)
         from seed in Gen.Choose(0, 1000)
         select new Shape(rows, columns, density, activity, seed)).ToArbitrary();
}
