using Connecto.Segmentation.Model;
using Connecto.Segmentation.Training;
using Connecto.Volumes;
using Connecto.Volumes.Slices;

namespace Connecto.Segmentation.Tests.Training;

public sealed class EmTrainerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("connecto-training-").FullName;

    public EmTrainerTests()
    {
        WriteStack("raw", 8, (_, v) => v);
        WriteStack("cells", 8, (_, v) => (byte)(v > 150 ? 1 : v > 100 ? 2 : 9));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_run_that_was_interrupted_ends_in_the_same_bits()
    {
        var whole = EmTrainer.Run(Config(steps: 7), Options("whole", threads: 1));
        Assert.True(whole.IsComplete);
        foreach (var stop in (long[])[2, 3, 6])
            Assert.Equal(stop, EmTrainer.Run(Config(steps: 7), Options("parts", threads: 2) with { StopAfter = stop }).Step);
        var parts = EmTrainer.Run(Config(steps: 7), Options("parts", threads: 2));
        Assert.True(parts.IsComplete);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.ModelDirectory, "network.safetensors")),
            File.ReadAllBytes(Path.Combine(parts.ModelDirectory, "network.safetensors")));
        Assert.Equal(whole.Validation, parts.Validation);
    }

    [Fact]
    public void Training_lowers_the_loss_and_exports_a_model_with_its_card()
    {
        var losses = new List<double>();
        var options = Options("learn", threads: 1) with { Report = row => losses.Add(row.Loss) };
        var result = EmTrainer.Run(Config(steps: 60) with { LearningRate = 0.01, LogEvery = 20, ValidateEvery = 1000 }, options);
        Assert.Equal(3, losses.Count);
        Assert.True(losses[^1] < losses[0], string.Join(" ", losses));
        var model = EmModel.Load(result.ModelDirectory);
        Assert.Equal(60, model.Info.Steps);
        Assert.Equal(1, model.Info.Histogram.Sum(), 0.01);
        var card = File.ReadAllText(Path.Combine(result.ModelDirectory, "README.md"));
        Assert.Contains("a note on licences", card);
        Assert.Contains("sections 0-5", card);
        Assert.Contains("| stack | 6-7 |", card);
        Assert.Single(result.Validation);
    }

    [Fact]
    public void Validation_sections_do_not_reach_training()
    {
        var before = TrainingData.Load(Config(steps: 1), _directory, default).Train.Single();
        WriteStack("raw", 8, (z, v) => z >= 6 ? (byte)(255 - v) : v);
        WriteStack("cells", 8, (z, v) => z >= 6 ? (byte)5 : (byte)(v > 150 ? 1 : v > 100 ? 2 : 9));
        var data = TrainingData.Load(Config(steps: 1), _directory, default);
        Assert.Equal(before.Raw.Data, data.Train.Single().Raw.Data);
        Assert.Equal(before.Cells.Data, data.Train.Single().Cells.Data);
        Assert.Equal(6, data.Train.Single().Raw.Shape.Z);
        Assert.Equal(2, data.Validation.Single().Raw.Shape.Z);
    }

    [Fact]
    public void A_folder_with_another_configurations_training_is_left_alone()
    {
        EmTrainer.Run(Config(steps: 1), Options("taken", threads: 1));
        var error = Assert.Throws<InvalidDataException>(() => EmTrainer.Run(Config(steps: 2), Options("taken", threads: 1)));
        Assert.Contains("another configuration", error.Message);
    }

    [Fact]
    public void Cancelling_stops_with_a_checkpoint()
    {
        using var cancel = new CancellationTokenSource();
        var options = Options("cancelled", threads: 1) with { Report = _ => cancel.Cancel() };
        var result = EmTrainer.Run(Config(steps: 50) with { LogEvery = 2 }, options, cancel.Token);
        Assert.Equal(2, result.Step);
        Assert.False(result.IsComplete);
        Assert.True(File.Exists(Path.Combine(_directory, "cancelled", "checkpoint.safetensors")));
    }

    [Fact]
    public void An_older_configuration_file_that_lacks_new_options_is_still_the_same_training()
    {
        EmTrainer.Run(Config(steps: 1), Options("older", threads: 1));
        var file = Path.Combine(_directory, "older", "training.json");
        File.WriteAllText(file, string.Join('\n', File.ReadLines(file).Where(line => !line.Contains("\"exact\""))));
        Assert.Equal(1, EmTrainer.Run(Config(steps: 1), Options("older", threads: 1)).Step);
    }

    [Fact]
    public void Phantoms_teach_all_outputs()
    {
        var config = Config(steps: 1) with
        {
            Sources =
            [
                new()
                {
                    Name = "phantom", Kind = SourceKind.Phantom, VoxelSizeNm = [50, 8, 8], Seeds = [3], Shape = [6, 128, 128],
                    Erode = [0, 1, 1],
                },
            ],
        };
        var volume = TrainingData.Load(config, _directory, default).Train.Single();
        Assert.Contains(TrainingVolume.Boundary, volume.Cells.Data);
        Assert.True(volume.Cells.Data.Distinct().Count() > 10);
        Assert.Contains(volume.Synapses.Data, bits => (bits & (byte)SynapseBits.Cleft) != 0);
        Assert.Contains(volume.Synapses.Data, bits => (bits & (byte)SynapseBits.Presynaptic) != 0);
    }

    [Fact]
    public void Labels_of_another_shape_are_refused()
    {
        WriteStack("cells", 7, (_, v) => v);
        Assert.Contains("shape", Assert.Throws<InvalidDataException>(
            () => EmTrainer.Run(Config(steps: 1), Options("bad", threads: 1))).Message);
    }

    private static TrainingConfig Config(int steps) => new()
    {
        Name = "tiny",
        VoxelSizeNm = [50, 4, 4],
        Sections = 3,
        Widths = [4, 6],
        Patch = 32,
        Batch = 2,
        Steps = steps,
        WarmupSteps = 2,
        Rim = 4,
        ValidateEvery = 3,
        LogEvery = 5,
        Notes = ["a note on licences"],
        Sources =
        [
            new()
            {
                Name = "stack", Kind = SourceKind.Instances, VoxelSizeNm = [50, 4, 4], Raw = "raw", Labels = "cells", Boundary = [9],
                TrainSections = [0, 6], ValidationSections = [6, 8],
            },
        ],
    };

    private EmTrainingOptions Options(string name, int threads) => new()
    {
        DataRoot = _directory,
        Directory = Path.Combine(_directory, name),
        Threads = threads,
    };

    private void WriteStack(string name, int sections, Func<int, byte, byte> map)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory, name));
        foreach (var file in folder.GetFiles()) file.Delete();
        for (var z = 0; z < sections; z++)
        {
            var pixels = new byte[48 * 56];
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = map(z, (byte)(128 + 60 * Math.Sin(i / 56 / 4.0 + z * 0.3) + 40 * Math.Cos(i % 56 / 5.0)));
            PngImage.WriteGrey8(Path.Combine(folder.FullName, $"{z:000}.png"), pixels, 48, 56);
        }
    }
}
