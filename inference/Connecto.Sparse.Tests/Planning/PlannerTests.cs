using Connecto.Sparse.Planning;
using Connecto.Sparse.Tests.Streams;

namespace Connecto.Sparse.Tests.Planning;

public class PlannerTests
{
    /// <summary>A machine written down by hand, about an Ice Lake server core, so that plans do not depend on a
    /// measurement.</summary>
    private static readonly MachineProfile Machine = new()
    {
        InstructionSets = ["AVX512F"],
        Cores = 2,
        L1Bytes = 48 << 10,
        L1CodeBytes = 32 << 10,
        L2Bytes = 1280 << 10,
        L3Bytes = 48 << 20,
        Lanes = 16,
        MultiplyAddsPerNs = 6,
        LoadsPerNs = 3.6,
        BroadcastMultiplyAddsPerNs = 3.5,
        ByteDotsPerNs = 6,
        ExpansionsPerNs = 1.6,
        L2BytesPerNs = 110,
        L3BytesPerNs = 30,
        MemoryBytesPerNs = 11,
        L1CodeBytesPerNs = 50,
        L2CodeBytesPerNs = 45,
        L3CodeBytesPerNs = 17,
    };

    [Fact]
    public void Every_variant_has_a_name_of_its_own_and_says_where_it_applies()
    {
        Assert.Equal(KernelVariant.All.Count, KernelVariant.All.Select(v => v.Name).Distinct().Count());
        Assert.All(KernelVariant.All, v =>
        {
            Assert.All([v.Name, v.Format, v.Instructions, v.Applies], Assert.NotEmpty);
            if (v.Obstacle is { } obstacle) Assert.NotEmpty(obstacle);
        });
    }

    [Fact]
    public void Every_precision_has_a_variant_that_runs_anywhere()
    {
        foreach (var precision in Enum.GetValues<WeightPrecision>())
        {
            var layer = Layer(64, 64, 1, 0.5) with { Precision = precision };
            Assert.Contains(KernelVariant.All, v =>
                v.Precision == precision && !v.Instructions.Contains("generated", StringComparison.Ordinal) && v.Obstacle is null &&
                v.Estimate(layer, Machine, 1).Obstacle is null);
        }
    }

    [Fact]
    public void Estimates_are_finite_for_any_shape_and_do_not_fall_with_work()
    {
        foreach (var variant in KernelVariant.All.Where(v => v.Obstacle is null))
            foreach (var input in Enum.GetValues<LayerInput>())
                foreach (var columns in new[] { 1, 8, 100, 5000 })
                    foreach (var (rows, depth) in new[] { (0, 0), (0, 9), (9, 0), (1, 1), (7, 90), (1000, 1000) })
                    {
                        var last = 0.0;
                        foreach (var density in new[] { 0, 0.01, 0.1, 0.5, 1 })
                        {
                            var layer = Layer(rows, depth, columns, density) with
                            {
                                Precision = variant.Precision,
                                Input = input,
                                Window = input == LayerInput.Planes ? 9 : 1,
                            };
                            var estimate = variant.Estimate(layer, Machine, 1);
                            if (estimate.Obstacle is not null) continue;
                            Assert.True(double.IsFinite(estimate.Microseconds) && estimate.Microseconds > 0, $"{variant.Name} {layer}");
                            // Cuts that depend on density may change, so it need not rise everywhere.
                            Assert.True(estimate.Microseconds >= 0.6 * last, $"{variant.Name} {layer}");
                            last = estimate.Microseconds;
                        }
                    }
    }

    [Fact]
    public void The_plan_is_the_least_estimate_and_lists_the_others_with_theirs()
    {
        var plan = Planner.Plan(Layer(768, 768, 128, 0.1), Machine, 2);
        Assert.Equal(2, plan.Threads);
        Assert.All(plan.Rejected, r => Assert.True(r.Obstacle is not null || r.Microseconds >= plan.Microseconds));
        Assert.Equal(KernelVariant.All.Count(v => v.Precision == WeightPrecision.Float32), plan.Rejected.Count + 1);
        Assert.Contains(plan.Kernel, plan.Reason);
        Assert.Equal(plan.Chosen.Terms[0].Name, plan.Chosen.Bound);
        Assert.Equal(plan, Planner.Plan(Layer(768, 768, 128, 0.1), Machine, 2) with { Chosen = plan.Chosen, Rejected = plan.Rejected });
    }

    [Fact]
    public void What_is_mostly_zero_is_done_by_kernels_that_skip_zeros()
    {
        var planes = Layer(64, 576, 4096, 1) with { Input = LayerInput.Planes, Window = 9 };
        Assert.Equal("dense convolution", Planner.Plan(planes, Machine).Kernel);
        Assert.NotEqual("dense convolution", Planner.Plan(planes with { Density = 0.05 }, Machine).Kernel);
        var quiet = Layer(4096, 4096, 1, 0.3) with { ZeroInputs = 0.99 };
        Assert.Equal("active columns", Planner.Plan(quiet, Machine).Kernel);
        Assert.NotEqual("active columns", Planner.Plan(quiet with { ZeroInputs = 0 }, Machine).Kernel);
    }

    [Fact]
    public void Two_threads_are_expected_to_take_less_than_one_on_large_layers()
    {
        var one = Planner.Plan(Layer(2048, 2048, 512, 0.1), Machine, 1);
        var two = Planner.Plan(Layer(2048, 2048, 512, 0.1), Machine, 2);
        Assert.InRange(two.Microseconds / one.Microseconds, 0.45, 0.6);
    }

    [Fact]
    public void A_matrix_is_counted_by_blocks()
    {
        var shape = LayerShape.Of(CsrMatrix.FromEntries(2, 8, [(0, 0, 1f), (0, 3, 1f), (1, 5, 1f)]), 4);
        Assert.Equal((2, 8, 4, 3 / 16.0, 0.5), (shape.Rows, shape.Depth, shape.Columns, shape.Density, shape.BlockDensity));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Planner.Plan(Layer(1, 1, 0, 1), Machine));
        Assert.Throws<ArgumentException>(() => Planner.Plan(Layer(1, 1, 1, 1.5), Machine));
        Assert.Throws<ArgumentException>(() => Planner.Plan(Layer(1, 1, 1, double.NaN), Machine));
        Assert.Throws<ArgumentOutOfRangeException>(() => Planner.Plan(Layer(1, 1, 1, 1), Machine, 0));
        Assert.Throws<NotSupportedException>(() => Planner.Plan(Layer(8, 8, 100, 1) with { Precision = WeightPrecision.Int4 }, Machine));
    }

    [Fact]
    public void A_product_left_to_choose_uses_what_the_planner_says()
    {
        foreach (var (columns, density) in new[] { (1, 0.05), (16, 0.3), (128, 0.1), (1024, 0.5) })
        {
            var matrix = SampleMatrices.Real(96, 128, density, seed: 1);
            using var product = SparseProduct.Create(matrix, new() { Columns = columns });
            var stream = ProductChoice.Drawback(matrix, columns, 1) is null;
            Assert.Equal(stream ? ProductKernel.Stream : ProductKernel.Portable, product.Kernel);
        }
    }

    [Fact]
    public void A_network_is_planned_layer_by_layer()
    {
        NetworkNode first = new() { Name = "a", Operator = NetworkOperator.Conv2d, Inputs = [NetworkModel.InputName], Channels = 16, Kernel = 3 };
        NetworkNode second = new() { Name = "b", Operator = NetworkOperator.Conv2d, Inputs = ["a"], Channels = 8, Stride = 2 };
        var model = new NetworkModel(3, [first, second], "b",
            [new Tensor("a.weight", 16, 3, 3, 3), new Tensor("a.bias", 16), new Tensor("b.weight", 8, 16, 1, 1), new Tensor("b.bias", 8)]);
        model.Tensors["b.weight"].Data.AsSpan().Fill(1);
        var layers = NetworkLayerPlan.Of(model, new Extent(32, 48), Machine);
        Assert.Equal([("a", 3, new Extent(32, 48), 27, 0.0), ("b", 16, new Extent(16, 24), 16, 1.0)], [.. layers.Select(l =>
            (l.Name, l.Channels, l.Size, l.Plan.Layer.Depth, l.Plan.Layer.Density))]);
        Assert.Throws<ArgumentException>(() => NetworkLayerPlan.Of(model, new Extent(31, 48), Machine));
    }

    private static LayerShape Layer(int rows, int depth, int columns, double density) =>
        new() { Rows = rows, Depth = depth, Columns = columns, Density = density };
}
