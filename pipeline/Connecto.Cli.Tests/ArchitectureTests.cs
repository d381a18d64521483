using System.Xml.Linq;

namespace Connecto.Cli.Tests;

/// <summary>The layers of the house, held by reading the project files.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, int> Layers = new()
    {
        ["Connecto.Volumes"] = 0,
        ["Connecto.Sparse"] = 0,
        ["Connecto.Graph"] = 1,
        ["Connecto.Phantom"] = 2,
        ["Connecto.Training"] = 1,
        ["Connecto.Segmentation"] = 3,
        ["Connecto.Synapses"] = 3,
        ["Connecto.Graph.DuckDb"] = 3,
        ["Connecto.BrainNetworks"] = 3,
        ["Connecto.Benchmarks"] = 4,
        ["Connecto.Pipeline"] = 5,
        ["Connecto.Viewer"] = 5,
        ["Connecto.Cli"] = 6,
    };

    [Fact]
    public void A_project_references_only_lower_layers()
    {
        foreach (var (project, references) in Projects())
            foreach (var reference in references)
                Assert.True(Layers[reference] < Layers[project], $"{project} references {reference}, which is not below it.");
    }

    [Fact]
    public void Every_project_has_a_layer_and_no_vague_name()
    {
        var names = Projects().Select(p => p.Name).Order(StringComparer.Ordinal);
        Assert.Equal(Layers.Keys.Order(StringComparer.Ordinal), names);
        var folders = Directory.EnumerateDirectories(Root(), "*", SearchOption.AllDirectories)
            .Where(d => !Built(d)).Select(Path.GetFileName);
        Assert.DoesNotContain(folders, f => f is "Common" or "Core" or "Utils" or "Helpers");
    }

    [Fact]
    public void The_engine_stands_alone()
    {
        var engine = Projects().Single(p => p.Name == "Connecto.Sparse");
        Assert.Empty(engine.References);
    }

    private static List<(string Name, string[] References)> Projects() =>
        Directory.EnumerateFiles(Root(), "*.csproj", SearchOption.AllDirectories)
            .Where(f => !Built(f) && !f.EndsWith(".Tests.csproj", StringComparison.Ordinal))
            .Select(f => (Path.GetFileNameWithoutExtension(f), XDocument.Load(f).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/'))).ToArray()))
            .ToList();

    private static bool Built(string path) =>
        path.Replace('\\', '/').Split('/').Any(p => p is "bin" or "obj" or "node_modules" or ".git");

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Connecto.sln"))) directory = directory.Parent;
        return directory.FullName;
    }
}
