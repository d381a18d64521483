using Connecto.Sparse;
using Connecto.Testing.Networks;

namespace Connecto.Training.Tests;

public class NetworkTrainerTests
{
    private static readonly TrainerOptions Options = new()
    {
        LearningRate = new LearningRateSchedule { Peak = 5e-3, WarmUpSteps = 2, TotalSteps = 60, Course = LearningRateCourse.Cosine },
        WeightDecay = 1e-4,
        GradientBound = 1,
        Threads = 2,
    };

    [Fact]
    public void Training_learns_a_simple_rule()
    {
        var net = new NetworkBuilder(1);
        var x = net.Relu("b", net.Conv2d("a", NetworkModel.InputName, 8, 3));
        var model = net.Build(net.Sigmoid("out", net.Conv2d("c", x, 1, 1)), 5);
        using var trainer = new NetworkTrainer(model, Options with { LearningRate = new() { Peak = 2e-2 }, AverageDecay = 0.9 });
        float first = 0, last = 0;
        for (var step = 0; step < 150; step++)
        {
            var batch = Batches.Random(model, 4, 16, 16, step);
            for (var i = 0; i < batch.Target.Length; i++) batch.Target[i] = batch.Input[i] > 0.2f ? 1 : 0;
            last = trainer.Step(batch);
            if (step == 0) first = last;
        }
        Assert.True(last < 0.15 * first, $"The loss went from {first} to {last}.");
        var probe = Batches.Random(model, 2, 16, 16, 1000);
        Assert.Equal(Batches.Loss(trainer.Model, probe), trainer.Evaluate(probe), 1e-4);
    }

    [Fact]
    public void Threads_leave_no_trace_in_the_weights()
    {
        var model = SampleNetworks.UNet(2, 3, [8, 12]);
        var expected = Train(model, Options with { Threads = 1 });
        foreach (var threads in new[] { 2, 3 }) Assert.Equal(expected, Train(model, Options with { Threads = threads }));
    }

    [Fact]
    public void A_resumed_training_ends_at_the_same_bits()
    {
        var model = SampleNetworks.UNet(2, 3, [8, 12]);
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "checkpoint.safetensors");
        using var whole = new NetworkTrainer(model, Options);
        for (var step = 0; step < 8; step++) whole.Step(Batches.Random(model, 3, 8, 12, step));

        using (var half = new NetworkTrainer(model, Options))
        {
            for (var step = 0; step < 4; step++) half.Step(Batches.Random(model, 3, 8, 12, step));
            half.SaveCheckpoint(path, new Dictionary<string, string> { ["epoch"] = "4" });
        }
        using var resumed = new NetworkTrainer(SampleNetworks.UNet(2, 3, [8, 12], seed: 99), Options with { Threads = 1 });
        Assert.Equal("4", resumed.LoadCheckpoint(path)["epoch"]);
        Assert.Equal(4, resumed.Steps);
        for (var step = 4; step < 8; step++) resumed.Step(Batches.Random(model, 3, 8, 12, step));
        Assert.Equal(Values(whole.Model), Values(resumed.Model));
        Assert.Equal(Values(whole.Latest), Values(resumed.Latest));
        File.Delete(path);
    }

    [Fact]
    public void Operators_without_a_gradient_are_refused_by_name()
    {
        Refused("(Gelu)", net => net.Gelu("a", "input"));
        Refused("(LayerNorm)", net => net.LayerNorm("a", "input"));
        Refused("(Conv3d)", net => net.Conv3d("a", "input", 2, 3));
        var conv = new NetworkNode { Name = "a", Operator = NetworkOperator.Conv2d, Inputs = ["input"], Channels = 2, Kernel = 3 };
        Refused("(Conv2d)", net => net.Node(conv with { Padding = 1 }));
        Refused("(Conv2d)", net => net.Node(conv with { Groups = 2 }));
        Refused("(Conv2d)", net => net.Node(conv with { Dilation = 2 }));

        static void Refused(string word, Func<NetworkBuilder, string> build)
        {
            var net = new NetworkBuilder(2);
            var model = net.Build(build(net), 1);
            Assert.Contains(word, Assert.Throws<ArgumentException>(() => new NetworkTrainer(model, Options)).Message);
        }
    }

    [Fact]
    public void A_linear_layer_trains_as_a_convolution_of_one_pixel_and_a_sum_with_its_Relu()
    {
        float[] Trained(Func<NetworkBuilder, string, string, int, string> layer)
        {
            var net = new NetworkBuilder(2);
            var x = net.Relu("sum.relu", net.Add("sum", layer(net, "a", "input", 4), net.Conv2d("b", "input", 4, 3)));
            return Train(net.Build(layer(net, "c", x, 3), 1), Options);
        }
        Assert.Equal(
            Trained((net, name, input, channels) => net.Conv2d(name, input, channels, 1)),
            Trained((net, name, input, channels) => net.Linear(name, input, channels)));
    }

    private static float[] Train(NetworkModel model, TrainerOptions options)
    {
        using var trainer = new NetworkTrainer(model, options);
        for (var step = 0; step < 3; step++) trainer.Step(Batches.Random(model, 5, 8, 12, step));
        return [.. Values(trainer.Model), .. Values(trainer.Latest)];
    }

    private static float[] Values(NetworkModel model) =>
        [.. model.Tensors.Values.OrderBy(t => t.Name, StringComparer.Ordinal).SelectMany(t => t.Data)];
}
