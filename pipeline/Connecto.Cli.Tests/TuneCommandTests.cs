using System.Text.Json;

namespace Connecto.Cli.Tests;

public sealed class TuneCommandTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("connecto-tune-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Thresholds_are_kept_in_the_model_with_the_sections_they_were_chosen_on()
    {
        var (model, config) = Prepare();
        var weights = File.ReadAllBytes(Path.Combine(model, "network.safetensors"));
        var (code, output, error) = await CommandRun.Of(
            "tune", model, "--config", config, "--data", Samples(), "--sections", "1-3", "--threads", "2", "--json");
        Assert.True(code == 0, error);
        using var result = JsonDocument.Parse(output);
        using var info = JsonDocument.Parse(File.ReadAllText(Path.Combine(model, "model.json")));
        Assert.Equal("sample 1-3", Assert.Single(info.RootElement.GetProperty("thresholdsChosenOn").EnumerateArray()).GetString());
        var merge = info.RootElement.GetProperty("thresholds").GetProperty("merge").GetDouble();
        Assert.Equal(merge, result.RootElement.GetProperty("thresholds").GetProperty("merge").GetDouble());
        var sweep = result.RootElement.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("threshold").GetString() == "merge").ToList();
        Assert.Equal(17, sweep.Count);
        Assert.Contains(merge, sweep.Select(r => r.GetProperty("value").GetDouble()));
        Assert.Equal(weights, File.ReadAllBytes(Path.Combine(model, "network.safetensors")));
    }

    [Theory]
    [InlineData("5-7", "validation sections")]
    [InlineData("4-5", "training sections")]
    [InlineData("2-2", "two or more")]
    public async Task Other_sections_than_training_sections_are_refused_and_the_model_stays(string sections, string why)
    {
        var (model, config) = Prepare();
        var before = File.ReadAllText(Path.Combine(model, "model.json"));
        var (code, _, error) = await CommandRun.Of("tune", model, "--config", config, "--data", Samples(), "--sections", sections, "--json");
        Assert.Equal(2, code);
        Assert.Contains(why, Assert.Single(error.TrimEnd().Split('\n')));
        Assert.Equal(before, File.ReadAllText(Path.Combine(model, "model.json")));
    }

    private (string Model, string Config) Prepare()
    {
        var (model, config) = (Path.Combine(root, "model"), Path.Combine(root, "training.json"));
        Directory.CreateDirectory(model);
        foreach (var file in Directory.GetFiles(Path.Combine(Samples(), "models", "sstem"))) File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        File.WriteAllText(config, """
            {
              "name": "sample", "voxelSizeNm": [40, 4, 4],
              "sources": [
                {
                  "name": "sample", "kind": "instances", "voxelSizeNm": [40, 4, 4], "raw": "phantom/raw", "labels": "phantom/neurons",
                  "trainSections": [0, 5], "validationSections": [6, 9]
                }
              ]
            }
            """);
        return (model, config);
    }

    private static string Samples()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Connecto.sln"))) directory = directory.Parent;
        return Path.Combine(directory.FullName, "data-samples");
    }
}
