using Connecto.Segmentation.Training;

namespace Connecto.Segmentation.Tests.Training;

public sealed class TrainingConfigTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("sstem")]
    [InlineData("fibsem")]
    public void Shipped_configurations_load_and_keep_validation_sections_apart(string name)
    {
        var config = TrainingConfig.Load(Path.Combine(Root(), "data-samples", "models", name, "training.json"));
        Assert.Equal(name, config.Name);
        var real = config.Sources.Where(s => s.Kind != SourceKind.Phantom).ToArray();
        Assert.All(real, s => Assert.True(s.TrainSections![1] <= s.ValidationSections![0]));
        int[][] kept = name == "sstem" ? [[16, 20], [12, 15]] : [[130, 160]];
        Assert.Equal(kept, real.Select(s => s.ValidationSections!));
    }

    [Fact]
    public void What_is_written_reads_back_to_the_same_text()
    {
        File.WriteAllText(_path, Minimal(""));
        var text = TrainingConfig.Load(_path).ToJson();
        File.WriteAllText(_path, text);
        Assert.Equal(text, TrainingConfig.Load(_path).ToJson());
    }

    [Theory]
    [InlineData("\"sections\": 4,", "odd")]
    [InlineData("\"patch\": 50,", "multiple of 8")]
    [InlineData("\"stps\": 5,", "stps")]
    [InlineData("\"batch\": 0,", "batch")]
    [InlineData("\"contrast\": { \"clipLimit\": 0 },", "ClipLimit")]
    public void A_value_out_of_range_is_named_in_one_line(string line, string expected)
    {
        File.WriteAllText(_path, Minimal(line));
        var error = Assert.Throws<InvalidDataException>(() => TrainingConfig.Load(_path));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Overlapping_training_and_validation_sections_are_refused()
    {
        File.WriteAllText(_path, Minimal("").Replace("\"weight\": 1",
            "\"weight\": 1, \"trainSections\": [0, 10], \"validationSections\": [9, 12]"));
        Assert.Contains("overlap", Assert.Throws<InvalidDataException>(() => TrainingConfig.Load(_path)).Message);
    }

    private static string Minimal(string line) => $$"""
        { {{line}} "name": "a", "voxelSizeNm": [50, 4, 4],
          "sources": [ { "name": "s", "kind": "instances", "voxelSizeNm": [50, 4, 4], "raw": "r", "labels": "l", "weight": 1 } ] }
        """;

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Connecto.sln"))) directory = Path.GetDirectoryName(directory)!;
        return directory;
    }
}
