namespace Connecto.Cli.Tests;

/// <summary>The commands that train: mistakes are named in one line and nothing is written.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-train-").FullName;

    private string Out => Path.Combine(_root, "out");

    private string Config => Path.Combine(_root, "training.json");

    public TrainCommandTests() => File.WriteAllText(Config, """
        { "name": "tiny", "voxelSizeNm": [50, 8, 8], "widths": [4, 8], "patch": 32, "batch": 2, "rim": 4, "steps": 3,
          "sources": [ { "name": "phantom", "kind": "phantom", "voxelSizeNm": [50, 8, 8], "seeds": [3], "shape": [6, 64, 64] } ] }
        """);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_model_is_trained_and_then_made_sparse()
    {
        var (code, said, error) = await CommandRun.Of("train", "--config", Config, "--data", _root, "--out", Out, "--threads", "1");
        Assert.True(code == 0, error);
        Assert.Contains("complete at step 3", said);
        Assert.True(File.Exists(Path.Combine(Out, "loss.png")));
        var model = Path.Combine(Out, "model");
        (code, said, error) = await Sparsify(Path.Combine(_root, "sparse"), model, "--zeros", "0.5", "--pattern", "unstructured", "--steps", "10");
        Assert.True(code == 0, error);
        Assert.Contains("without zeros", said);
        Assert.Contains("phantom 3 after, floats  loss", said);
        Assert.Contains("phantom 3 after, bytes   loss", said);
        Assert.Contains("int8 us", said);
        Assert.Contains("Mvoxel/s", said);
        Assert.True(File.Exists(Path.Combine(_root, "sparse", "model", "quantization.json")));
        Assert.Contains("complete at step 10", said);
    }

    [Fact]
    public void The_log_becomes_pictures_of_losses_and_scores()
    {
        File.WriteAllText(Path.Combine(_root, "log.csv"), "step,steps_per_second,train_loss,source,validation_loss,boundary_f1,a,b,c\n"
            + "10,2.5,0.7,,,,,,\n20,2.5,0.5,,,,,,\n20,,,stack,0.6,0.71,,,\n30,2.5,0.4,,,,,,\n40,,,stack,0.5,0.75,,,\n");
        TrainingCurves.Write(_root);
        Assert.All((string[])["loss.png", "boundaries.png"], name => Assert.Equal(0x89, File.ReadAllBytes(Path.Combine(_root, name))[0]));
    }

    [Theory]
    [InlineData("MODEL 'nowhere'", "nowhere")]
    [InlineData("--pattern 'rows'", "sstem", "--pattern", "rows")]
    [InlineData("zeros", "sstem", "--zeros", "1.2")]
    [InlineData("10 steps", "sstem", "--steps", "5")]
    [InlineData("--threads", "sstem", "--threads", "0")]
    [InlineData("widths 4-8", "sstem")]
    public async Task A_mistake_is_named(string because, params string[] arguments)
    {
        var (code, _, error) = await Sparsify(Out, arguments);
        Assert.True(code == 2, error);
        Assert.Contains(because, Assert.Single(error.TrimEnd().Split('\n')));
        Assert.False(Directory.Exists(Out));
    }

    private Task<(int Code, string Out, string Error)> Sparsify(string folder, params string[] arguments) =>
        CommandRun.Of(["sparsify", "--config", Config, "--data", _root, "--out", folder, .. arguments]);
}
