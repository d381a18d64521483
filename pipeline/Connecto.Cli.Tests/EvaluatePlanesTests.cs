using System.Text.Json;

namespace Connecto.Cli.Tests;

public sealed class EvaluatePlanesTests
{
    [Fact]
    public async Task The_truth_against_itself_scores_one_in_every_section_that_is_named()
    {
        var truth = Path.Combine(Root(), "data-samples", "phantom", "neurons");
        var (code, output, error) = await CommandRun.Of(
            "evaluate", "segmentation", "--result", truth, "--truth", truth, "--sections", "3-5", "--planes", "--json");
        Assert.True(code == 0, error);
        using var report = JsonDocument.Parse(output);
        var planes = report.RootElement.GetProperty("planes");
        Assert.Equal([3, 4, 5], planes.GetProperty("sections").EnumerateArray().Select(s => s.GetProperty("section").GetInt32()));
        Assert.Equal(1, planes.GetProperty("mean").GetProperty("vRand").GetDouble(), 1e-9);
        Assert.Equal(1, planes.GetProperty("mean").GetProperty("vInfo").GetDouble(), 1e-9);
        Assert.Equal(0, report.RootElement.GetProperty("vi").GetDouble(), 1e-9);
        (code, output, _) = await CommandRun.Of("evaluate", "segmentation", "--result", truth, "--truth", truth, "--planes");
        Assert.Equal(0, code);
        Assert.Contains("V-Rand", output);
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Connecto.sln"))) directory = directory.Parent;
        return directory.FullName;
    }
}
