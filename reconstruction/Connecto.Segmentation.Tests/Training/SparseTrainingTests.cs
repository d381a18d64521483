using Connecto.Segmentation.Model;
using Connecto.Segmentation.Training;
using Connecto.Sparse;
using Connecto.Training;

namespace Connecto.Segmentation.Tests.Training;

/// <summary>A model goes on from another's weights, and becomes sparse.</summary>
public sealed class SparseTrainingTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("connecto-sparse-").FullName;

    private readonly TrainingConfig _config = new()
    {
        Name = "tiny",
        VoxelSizeNm = [50, 8, 8],
        Widths = [4, 8],
        Patch = 32,
        Batch = 2,
        Steps = 4,
        WarmupSteps = 1,
        LearningRate = 0.03,
        Rim = 4,
        Sources =
        [
            new()
            {
                Name = "phantom", Kind = SourceKind.Phantom, VoxelSizeNm = [50, 8, 8], Seeds = [3], Shape = [6, 64, 64], Erode = [0, 1, 1],
            },
        ],
    };

    private readonly string _start;

    public SparseTrainingTests() => _start = EmTrainer.Run(_config, Options("start")).ModelDirectory;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(PruningPattern.Blocks)]
    [InlineData(PruningPattern.Unstructured)]
    public void A_model_becomes_as_sparse_as_asked_and_its_card_says_so(PruningPattern pattern)
    {
        var config = new SparseTraining { Zeros = 0.75, Pattern = pattern, Steps = 12 }.Of(_config, _start);
        Assert.Equal(0.01, config.LearningRate, 12);
        var result = EmTrainer.Run(config, Options("sparse") with { StartDirectory = _start });
        var model = EmModel.Load(result.ModelDirectory);
        Assert.Equal(model.Info.InputBytes, model.Quantization!.Input);
        var inner = LayerSparsity.Of(model.Network).Skip(1).SkipLast(1).ToList();
        Assert.InRange(inner.Sum(l => l.Zeros) / (double)inner.Sum(l => l.Weights), 0.74, 0.75);
        Assert.Equal(pattern == PruningPattern.Blocks, inner.Sum(l => l.Zeros) == inner.Sum(l => l.ZeroBlocks));
        var card = File.ReadAllText(Path.Combine(result.ModelDirectory, "README.md"));
        Assert.Contains("75 % asked for", card);
        Assert.Contains("began with | model `tiny`", card);
    }

    [Fact]
    public void An_interrupted_sparse_training_ends_in_the_same_bits()
    {
        var config = new SparseTraining { Steps = 12 }.Of(_config, _start);
        var whole = EmTrainer.Run(config, Options("whole") with { StartDirectory = _start });
        foreach (var stop in (long[])[3, 7, 10])
            EmTrainer.Run(config, Options("parts") with { StartDirectory = _start, StopAfter = stop, Threads = 2 });
        var parts = EmTrainer.Run(config, Options("parts") with { StartDirectory = _start });
        Assert.Equal(Weights(whole), Weights(parts));
        Assert.Equal(EmModel.Load(whole.ModelDirectory).Quantization!.Steps, EmModel.Load(parts.ModelDirectory).Quantization!.Steps);
    }

    [Fact]
    public void Training_goes_on_from_a_models_weights_and_keeps_its_thresholds()
    {
        var start = EmModel.Load(_start);
        start.Info.Thresholds["merge"] = 0.31;
        start.Save(_start);
        var config = _config with { Start = StartModel.Of(_start), LearningRate = 1e-9, Steps = 1 };
        var result = EmTrainer.Run(config, Options("on") with { StartDirectory = _start });
        var model = EmModel.Load(result.ModelDirectory);
        Assert.Equal(0.31, model.Info.Thresholds["merge"]);
        foreach (var (name, tensor) in start.Network.Tensors)
            Assert.All(tensor.Data.Zip(model.Network.Tensors[name].Data), p => Assert.Equal(p.First, p.Second, 1e-6));
    }

    [Fact]
    public void A_model_without_Relu_behind_its_narrow_convolutions_gets_it()
    {
        var start = EmModel.Load(_start);
        var older = start.Network.Nodes.Where(n => n.Name != "up0.relu0")
            .Select(n => n with { Inputs = [.. n.Inputs.Select(i => i == "up0.relu0" ? "up0.narrow" : i)] });
        var network = new NetworkModel(start.Network.Inputs, [.. older], start.Network.Output, start.Network.Tensors.Values);
        new EmModel(start.Info, network).Save(_start);
        var config = new SparseTraining { Steps = 10 }.Of(_config, _start);
        var result = EmTrainer.Run(config, Options("on") with { StartDirectory = _start });
        var model = EmModel.Load(result.ModelDirectory);
        Assert.Contains(model.Network.Nodes, n => n.Name == "up0.relu0");
        Assert.NotNull(model.Quantization);
    }

    [Fact]
    public void Bytes_fit_the_training_sections_nearly_as_floats_do()
    {
        var config = new SparseTraining { Zeros = 0.5, Steps = 40, LearningRate = 0.02 }.Of(_config, _start);
        var result = EmTrainer.Run(config, Options("bytes") with { StartDirectory = _start });
        var fits = TrainingFit.Of(config, _directory, [EmModel.Load(_start), EmModel.Load(result.ModelDirectory)], threads: 1);
        Assert.Null(fits[0][0].Bytes);
        var (floats, bytes) = (fits[1][0].Floats, fits[1][0].Bytes!);
        Assert.Equal("phantom 3", fits[1][0].Source);
        Assert.Equal(floats.Loss, bytes.Loss, 0.05 * floats.Loss);
        Assert.Equal(floats.BoundaryF1, bytes.BoundaryF1, 0.05);
    }

    [Fact]
    public void Another_start_than_the_configurations_is_refused()
    {
        var other = EmTrainer.Run(_config with { Seed = 9 }, Options("other")).ModelDirectory;
        var config = _config with { Start = StartModel.Of(_start) };
        Refused("is not the model", config, other);
        Refused("name its folder", config, null);
        Refused("random weights", _config, other);
        Refused("widths 4-6", config with { Widths = [4, 6] }, _start);
        Assert.False(Directory.Exists(Path.Combine(_directory, "refused")));
    }

    [Fact]
    public void Values_out_of_range_are_named()
    {
        Named("10 steps", new() { Steps = 9 });
        Named("zeros", new() { Zeros = 1.5 });
        Named("layerCeiling", new() { Zeros = 0.99 });
        Named("learningRate", new() { LearningRate = -1 });

        void Named(string word, SparseTraining training) =>
            Assert.Contains(word, Assert.Throws<InvalidDataException>(() => training.Of(_config, _start)).Message);
    }

    private void Refused(string word, TrainingConfig config, string? start) =>
        Assert.Contains(word, Assert.Throws<InvalidDataException>(
            () => EmTrainer.Run(config, Options("refused") with { StartDirectory = start })).Message);

    private EmTrainingOptions Options(string name) => new() { DataRoot = _directory, Directory = Path.Combine(_directory, name) };

    private static byte[] Weights(EmTrainingResult result) =>
        File.ReadAllBytes(Path.Combine(result.ModelDirectory, "network.safetensors"));
}
