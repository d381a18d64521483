using Connecto.Sparse;
using Connecto.Testing.Networks;

namespace Connecto.Training.Tests;

/// <summary>Weights fall when, where and as many as asked, and never come back.</summary>
public class PruningTests
{
    private const int Steps = 12;

    private static readonly PruningOptions Pruning = new() { Zeros = 0.8, FirstStep = 1, LastStep = 8, Every = 2 };

    private static readonly TrainerOptions Options = new()
    {
        LearningRate = new LearningRateSchedule { Peak = 5e-3 },
        WeightDecay = 1e-3,
        GradientBound = 1,
        Threads = 2,
        Pruning = Pruning,
    };

    [Fact]
    public void The_share_of_zeros_rises_as_a_cubic_and_stays()
    {
        Assert.Equal(0, Pruning.At(1));
        Assert.Equal(0.8 * (1 - Math.Pow(3 / 7.0, 3)), Pruning.At(5), 12);
        Assert.Equal(0.8, Pruning.At(8));
        Assert.Equal(0.8, Pruning.At(1000));
        Assert.Equal([1, 3, 5, 7, 8], Enumerable.Range(0, 20).Where(step => Pruning.IsDue(step)));
    }

    [Fact]
    public void The_average_starts_anew_after_every_fall()
    {
        Assert.Equal([0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 2], Enumerable.Range(0, 11).Select(step => Pruning.Since(step)));
        var model = SampleNetworks.UNet(2, 3, [8, 12]);
        float Distance(long lastStep)
        {
            var pruning = Pruning with { Zeros = 0, FirstStep = lastStep, LastStep = lastStep };
            using var trainer = new NetworkTrainer(model, Options with { Pruning = pruning });
            for (var step = 0; step < Steps; step++) trainer.Step(Batches.Random(model, 3, 8, 12, step));
            return Values(trainer.Model).Zip(Values(trainer.Latest)).Sum(p => Math.Abs(p.First - p.Second));
        }
        Assert.True(Distance(Steps - 1) < 0.5f * Distance(0));
    }

    [Theory]
    [InlineData(PruningPattern.Unstructured)]
    [InlineData(PruningPattern.Blocks)]
    public void What_fell_is_exactly_0_in_all_weights_and_never_returns(PruningPattern pattern)
    {
        var model = SampleNetworks.UNet(2, 3, [8, 12]);
        using var trainer = new NetworkTrainer(model, Options with { Pruning = Pruning with { Pattern = pattern } });
        HashSet<(string, int)> fallen = [];
        for (var step = 0; step < Steps; step++)
        {
            trainer.Step(Batches.Random(model, 3, 8, 12, step));
            var now = Zeros(trainer.Latest);
            Assert.Superset(fallen, now);
            Assert.Equal(now, Zeros(trainer.Model));
            fallen = now;
        }
        var layers = LayerSparsity.Of(trainer.Model);
        Assert.Equal(0, layers[0].Zeros);
        Assert.Equal(0, layers[^1].Zeros);
        var inner = layers.Skip(1).SkipLast(1).ToList();
        var share = inner.Sum(l => l.Zeros) / (double)inner.Sum(l => l.Weights);
        Assert.InRange(share, 0.79, 0.8);
        Assert.All(inner, l => Assert.True(l.Zeros <= Pruning.LayerCeiling * l.Weights));
        Assert.All(model.Tensors.Keys.Where(n => n.EndsWith(".bias", StringComparison.Ordinal)), name =>
            Assert.DoesNotContain(fallen, f => f.Item1 == name));
    }

    [Fact]
    public void Zeros_of_the_start_stay_where_they_are_held_and_everything_else_moves()
    {
        var model = SampleNetworks.UNet(2, 3, [8, 12]);
        var random = new Random(4);
        foreach (var tensor in model.Tensors.Values.Where(t => t.Shape.Length == 4))
            for (var i = 0; i < tensor.Data.Length; i++)
                if (random.Next(10) < 7) tensor.Data[i] = 0;
        var held = Zeros(model);
        using var trainer = new NetworkTrainer(model, Options with { Pruning = null, Zeros = ZeroWeights.Hold });
        for (var step = 0; step < Steps; step++) trainer.Step(Batches.Random(model, 3, 8, 12, step));
        foreach (var trained in (NetworkModel[])[trainer.Latest, trainer.Model])
            Assert.Equal(held, Zeros(trained));
        using var free = new NetworkTrainer(model, Options with { Pruning = null });
        for (var step = 0; step < Steps; step++) free.Step(Batches.Random(model, 3, 8, 12, step));
        Assert.True(Zeros(free.Latest).Count < held.Count / 2);
    }

    [Fact]
    public void Blocks_are_four_channels_of_one_tap_of_one_output()
    {
        var model = SampleNetworks.UNet(2, 3, [8, 12]);
        using var trainer = new NetworkTrainer(model, Options);
        for (var step = 0; step < Steps; step++) trainer.Step(Batches.Random(model, 2, 8, 12, step));
        var pruned = 0;
        foreach (var tensor in trainer.Model.Tensors.Values.Where(t => t.Shape.Length == 4))
        {
            var (outputs, inputs, taps) = (tensor.Shape[0], tensor.Shape[1], tensor.Shape[2] * tensor.Shape[3]);
            for (var o = 0; o < outputs; o++)
                for (var c = 0; c < inputs; c += 4)
                    for (var t = 0; t < taps; t++)
                    {
                        var block = Enumerable.Range(c, Math.Min(4, inputs - c)).Select(i => tensor.Data[(o * inputs + i) * taps + t] == 0).ToList();
                        Assert.True(block.All(zero => zero) || block.All(zero => !zero));
                        if (block[0]) pruned += block.Count;
                    }
        }
        Assert.Equal(pruned, LayerSparsity.Of(trainer.Model).Sum(l => l.ZeroBlocks));
        Assert.Equal(pruned, LayerSparsity.Of(trainer.Model).Sum(l => l.Zeros));
    }

    [Fact]
    public void The_smallest_weights_of_a_layer_fall_whatever_its_scale()
    {
        var model = Chain();
        Array.Fill(model.Tensors["b.weight"].Data, 1000f);
        Array.Fill(model.Tensors["c.weight"].Data, 0.001f);
        foreach (var name in (string[])["b.weight", "c.weight"])
            for (var i = 0; i < 32; i++) model.Tensors[name].Data[i] *= 0.1f;
        var options = Options with { Pruning = new() { Zeros = 0.5, LastStep = 0, Pattern = PruningPattern.Unstructured } };
        using var trainer = new NetworkTrainer(model, options);
        trainer.Step(Batches.Random(model, 1, 4, 4, 0));
        foreach (var name in (string[])["b.weight", "c.weight"])
            Assert.All(trainer.Latest.Tensors[name].Data.Select((v, i) => (v, i)), p => Assert.Equal(p.i < 32, p.v == 0));
    }

    [Fact]
    public void No_layer_is_cut_through()
    {
        var model = Chain();
        for (var i = 0; i < 64; i++) model.Tensors["b.weight"].Data[i] = i == 0 ? 1000 : 0.001f;
        var options = Options with { Pruning = new() { Zeros = 0.85, LayerCeiling = 0.9, LastStep = 0, Pattern = PruningPattern.Unstructured } };
        using var trainer = new NetworkTrainer(model, options);
        trainer.Step(Batches.Random(model, 1, 4, 4, 0));
        Assert.Equal(57, LayerSparsity.Of(trainer.Latest)[1].Zeros);
        Assert.Equal(108, LayerSparsity.Of(trainer.Latest).Sum(l => l.Zeros));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(10)]
    public void A_training_that_was_resumed_ends_at_the_same_bits(int broken)
    {
        var model = SampleNetworks.UNet(2, 3, [8, 12]);
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "checkpoint.safetensors");
        using var whole = new NetworkTrainer(model, Options);
        for (var step = 0; step < Steps; step++) whole.Step(Batches.Random(model, 3, 8, 12, step));

        using (var half = new NetworkTrainer(model, Options))
        {
            for (var step = 0; step < broken; step++) half.Step(Batches.Random(model, 3, 8, 12, step));
            half.SaveCheckpoint(path);
        }
        using var resumed = new NetworkTrainer(SampleNetworks.UNet(2, 3, [8, 12], seed: 99), Options with { Threads = 1 });
        resumed.LoadCheckpoint(path);
        for (var step = broken; step < Steps; step++) resumed.Step(Batches.Random(model, 3, 8, 12, step));
        Assert.Equal(Values(whole.Model), Values(resumed.Model));
        Assert.Equal(Values(whole.Latest), Values(resumed.Latest));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void A_checkpoint_of_the_other_kind_is_refused()
    {
        var model = SampleNetworks.UNet(2, 3, [8, 12]);
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "checkpoint.safetensors");
        using var dense = new NetworkTrainer(model, Options with { Pruning = null });
        using var sparse = new NetworkTrainer(model, Options);
        dense.SaveCheckpoint(path);
        Assert.Contains("without pruning", Assert.Throws<InvalidDataException>(() => sparse.LoadCheckpoint(path)).Message);
        sparse.SaveCheckpoint(path);
        Assert.Contains("with pruning", Assert.Throws<InvalidDataException>(() => dense.LoadCheckpoint(path)).Message);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        Named("zeros", Pruning with { Zeros = 1 });
        Named("layerCeiling", Pruning with { Zeros = 0.98 });
        Named("every", Pruning with { Every = 0 });
        Named("span", Pruning with { FirstStep = 9 });

        static void Named(string word, PruningOptions pruning) =>
            Assert.Contains(word, Assert.Throws<ArgumentException>(
                () => new NetworkTrainer(Chain(), Options with { Pruning = pruning })).Message);
    }

    /// <summary>Four 1 x 1 convolutions; the middle two have 64 weights each.</summary>
    private static NetworkModel Chain()
    {
        var net = new NetworkBuilder(2);
        var x = net.Relu("r1", net.Conv2d("a", NetworkModel.InputName, 8, 1));
        x = net.Relu("r2", net.Conv2d("b", x, 8, 1));
        x = net.Relu("r3", net.Conv2d("c", x, 8, 1));
        return net.Build(net.Sigmoid("out", net.Conv2d("d", x, 1, 1)), 5);
    }

    private static HashSet<(string, int)> Zeros(NetworkModel model) =>
        [.. model.Tensors.Values.SelectMany(t => t.Data.Select((v, i) => (v, i)).Where(p => p.v == 0
            && !t.Name.EndsWith(".bias", StringComparison.Ordinal)).Select(p => (t.Name, p.i)))];

    private static float[] Values(NetworkModel model) =>
        [.. model.Tensors.Values.OrderBy(t => t.Name, StringComparer.Ordinal).SelectMany(t => t.Data)];
}
