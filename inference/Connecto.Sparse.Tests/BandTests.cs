using Connecto.Sparse.Kernels;
using Connecto.Sparse.Planes;
using Connecto.Testing.Networks;

namespace Connecto.Sparse.Tests;

public class BandTests
{
    public static TheoryData<string> Variants => [.. KernelTable.Available.Select(k => k.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Bands_change_no_bit(string variant)
    {
        foreach (var (model, size) in Models())
        {
            var input = SampleNetworks.Noise((int)(model.Inputs * size.Count), 3);
            float[]? expected = null;
            foreach (var bands in new[] { BandOptions.None, new(1, 1, 1), new(20 << 10, 1, 2), new(80 << 10, 64, 1) })
                foreach (var threads in new[] { 1, 2 })
                {
                    using var session = new NetworkSession(model, threads, KernelTable.Choose(variant), bands: bands);
                    var output = new float[model.Outputs * model.OutputSize(size).Count];
                    for (var run = 0; run < 2; run++) // what the first run left must not show
                    {
                        Array.Fill(output, float.NaN);
                        session.Run(input, size, output);
                        expected ??= [.. output];
                        Assert.Equal(expected, output);
                    }
                }
        }
    }

    [Fact]
    public void Every_row_is_done_once_and_after_the_rows_that_it_needs()
    {
        foreach (var (model, size) in Models())
        {
            var program = new PlaneProgram(model.Graph);
            var steps = BandLayout.Of(program, new PlaneGeometry(program, size));
            foreach (var bytes in new[] { 1, 1000, 20_000, 400_000 })
            {
                var segments = BandPlanner.Choose(steps, new BandOptions(bytes, 1, 1));
                var done = new int[steps.Length];
                foreach (var (step, begin, end) in BandPlanner.Portions(steps, segments))
                {
                    Assert.Equal(done[step], begin);
                    Assert.True(end > begin);
                    foreach (var input in steps[step].Inputs)
                    {
                        var writer = Array.FindIndex(steps, s => s.Output == input);
                        Assert.True(done[writer] >= steps[step].Needs(end), $"step {step} reads rows of step {writer} too early");
                    }
                    done[step] = end;
                }
                Assert.Equal(steps.Select(s => s.Rows), done);
            }
        }
    }

    [Fact]
    public void A_large_network_runs_in_bands_and_says_so()
    {
        var net = new NetworkBuilder(4);
        var x = NetworkModel.InputName;
        for (var i = 0; i < 4; i++) x = net.Relu($"relu{i}", net.Conv2d($"conv{i}", x, 16, 3));
        var model = net.Build(net.GlobalAveragePool("mean", x), 1);
        var (input, output) = (SampleNetworks.Noise(4 * 256 * 256, 1), new float[16]);
        using var session = new NetworkSession(model, 1, KernelTable.Chosen, bands: new BandOptions(1 << 20, 2048, 8));
        var layers = session.Profile(input, new Extent(256, 256), output);
        Assert.Equal(["input", "conv0", "conv1", "conv2", "conv3", "mean", "output"], layers.Select(l => l.Name));
        var conv = layers[2];
        Assert.Equal(("Conv2d + Relu", "dense", 16, new Extent(256, 256)), (conv.Operation, conv.Kernel, conv.Channels, conv.Size));
        Assert.Equal(2.0 * 16 * 256 * 256 * sizeof(float), conv.PlaneBytes);
        Assert.Equal(16 * 16 * 9 * 256.0 * 256, conv.MultiplyAdds);
        Assert.Equal(1, conv.Density);
        Assert.True(conv.Bands > 1);
        Assert.All(layers, l => Assert.True(l.Microseconds > 0));
        Assert.All(session.Describe(new Extent(256, 256)), l => Assert.True(double.IsNaN(l.Microseconds)));
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_run()
    {
        var (model, size) = Models().First();
        foreach (var threads in new[] { 1, 2 })
        {
            using var session = new NetworkSession(model, threads, KernelTable.Chosen, bands: new BandOptions(20_000, 1, 1));
            var (input, output) = (SampleNetworks.Noise((int)(model.Inputs * size.Count), 1), new float[model.Outputs * size.Count]);
            Assert.Equal(0, Allocation.Of(() => session.Run(input, size, output)));
        }
    }

    [Fact]
    public void A_failure_in_a_step_reaches_the_caller_and_the_next_run_works()
    {
        using var pool = new WorkerPool(3);
        var runner = new StepRunner(pool);
        var step = new FailingStep(new PlaneLayout(8, 8, 1));
        BandPortion[] portions = [new(0, 0, 4), new(0, 4, 8)];
        step.Fails = true;
        Assert.Throws<InvalidOperationException>(() => runner.Run([step], portions));
        (step.Fails, step.Runs) = (false, 0);
        runner.Run([step], portions);
        Assert.Equal(6, step.Runs);
    }

    private sealed class FailingStep(PlaneLayout layout) : BandStep(layout)
    {
        public bool Fails;
        public int Runs;

        public override void Run(int begin, int end, int thread, int threads)
        {
            if (Fails && thread == 1) throw new InvalidOperationException();
            Interlocked.Increment(ref Runs);
        }
    }

    private static IEnumerable<(NetworkModel Model, Extent Size)> Models()
    {
        yield return (SampleNetworks.UNet(2, 3, [6, 9, 12]), new Extent(40, 36));
        yield return (SampleNetworks.Everything(3, 5), new Extent(36, 20));

        var random = new Random(1);
        var thin = SampleNetworks.UNet(3, 2, [32, 40]);
        yield return (thin.With(thin.Tensors.Values.Select(t => new Tensor(t.Name, t.Shape, [.. t.Data.Select(
            v => t.Shape.Length > 1 && random.NextDouble() > 0.2 ? 0 : v)]))), new Extent(30, 50));

        var net = new NetworkBuilder(3);
        var a = net.Relu("a.relu", net.Conv3d("a", "input", 5, 3));
        var b = net.Conv3d("b", net.MaxPool3d("pool", a), 4, 3);
        var c = net.Add("c", net.Upsample3d("up", b), net.Conv3d("c.one", a, 4, 1), net.Conv3d("c.far", "input", 4, 3));
        yield return (net.Build(net.Softmax("out", net.LayerNorm("norm", c)), 1), new Extent(6, 10, 14));

        net = new NetworkBuilder(2);
        a = net.Conv2d("a", "input", 6, 5, 2);
        b = net.UpsampleBilinear2d("b", net.AveragePool2d("pool", a), 2);
        c = net.Gelu("gelu", net.BatchNorm("norm", net.Tanh("tanh", net.Add("add", a, b))));
        var valid = net.Node(new NetworkNode
        {
            Name = "valid",
            Operator = NetworkOperator.Conv2d,
            Inputs = [c],
            Channels = 4,
            Kernel = 3,
            Padding = 0,
            Dilation = 2,
        });
        yield return (net.Build(valid, 1), new Extent(44, 28));
    }
}
