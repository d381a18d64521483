using System.Text.Json;
using Connecto.Graph;
using Connecto.Graph.DuckDb;

namespace Connecto.Cli.Tests;

public sealed class ImportCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-import-").FullName;

    private string Edges => Path.Combine(_root, "edges.csv");

    private string Out => Path.Combine(_root, "out");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task An_edge_list_becomes_columns_and_tables()
    {
        File.WriteAllText(Edges, "pre,post,contacts\n1,2,3\n2,3,4\n");
        var (code, text, error) = await CommandRun.Of("import", Edges, "--out", Out, "--json");
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(("edges", 3, 2, 7), (
            json.RootElement.GetProperty("kind").GetString(), json.RootElement.GetProperty("neurons").GetInt32(),
            json.RootElement.GetProperty("edges").GetInt32(), json.RootElement.GetProperty("contacts").GetInt32()));
        using var c = Connectome.Open(Path.Combine(Out, "connectome"), ConnectomeCheck.All);
        Assert.Equal(GraphTables.ReadConnections(Out), c.Connections());
        Assert.Equal("edges.csv", c.Provenance!.Sources.Single().Name);
    }

    [Fact]
    public async Task Names_and_signs_of_an_import_are_seen_by_sql()
    {
        File.WriteAllText(Edges, "pre,post,count\nPN1,KC1,3\nKC1,APL,-4\n");
        var (code, _, error) = await CommandRun.Of("import", Edges, "--count", "count", "--out", Out, "--memory", "80MiB");
        Assert.True(code == 0, error);
        (code, var text, error) = await CommandRun.Of("sql",
            "SELECT a.name AS pre, b.name AS post, sign * contacts AS weight FROM connections JOIN neurons a ON a.id = pre JOIN neurons b ON b.id = post ORDER BY 1",
            Out, "--csv", "-");
        Assert.True(code == 0, error);
        Assert.Equal("pre,post,weight\nKC1,APL,-4\nPN1,KC1,3\n", text.ReplaceLineEndings("\n"));
        (_, text, _) = await CommandRun.Of("why", Out, "--from", "KC*", "--to", "APL", "--csv", "-");
        Assert.Equal("pre,pre_name,pre_type,post,post_name,post_type,contacts,size,score,sign\n2,KC1,,1,APL,,4,0,0,-1\n", text.ReplaceLineEndings("\n"));
        (_, text, _) = await CommandRun.Of("why", Out, "--from", "KC*", "--to", "APL");
        Assert.Contains("known by their number alone", text);
    }

    [Fact]
    public async Task An_import_replaces_an_import_and_nothing_else()
    {
        File.WriteAllText(Edges, "pre,post\n1,2\n");
        Assert.Equal(0, (await CommandRun.Of("import", "edges", Edges, "--out", Out)).Code);
        File.WriteAllText(Edges, "pre,post\n1,2\n2,1\n");
        Assert.Equal(0, (await CommandRun.Of("import", "edges", Edges, "--out", Out)).Code);
        using (var c = Connectome.Open(Path.Combine(Out, "connectome"))) Assert.Equal(2, c.EdgeCount);
        Directory.CreateDirectory(Path.Combine(_root, "mine"));
        File.WriteAllText(Path.Combine(_root, "mine", "thesis.tex"), "precious");
        await Refused("not empty", Edges, "--out", Path.Combine(_root, "mine"));
        Assert.Equal(["thesis.tex"], Directory.GetFileSystemEntries(Path.Combine(_root, "mine")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_wrong_row_leaves_an_earlier_import_as_it_was()
    {
        File.WriteAllText(Edges, "pre,post\n1,2\n");
        Assert.Equal(0, (await CommandRun.Of("import", Edges, "--out", Out)).Code);
        File.WriteAllText(Edges, "pre,post,contacts\n1,2,1\n1,2,-5\n");
        await Refused("Row 3", Edges, "--out", Out);
        using var c = Connectome.Open(Path.Combine(Out, "connectome"));
        Assert.Equal(1, c.EdgeCount);
        Assert.Equal(["edges.csv", "out"], Directory.GetFileSystemEntries(_root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Mistakes_are_told_in_a_line()
    {
        File.WriteAllText(Edges, "pre,post\n1,2\n");
        await Refused("no kind", "zebra", Edges, "--out", Out);
        await Refused("does not exist", Path.Combine(_root, "none.csv"), "--out", Out);
        await Refused("--voxel-size", "cave", Edges, "--out", Out, "--voxel-size", "40,4");
        await Refused("no kind known", _root + "/..", "--out", Out);
        Assert.False(Directory.Exists(Out));
    }

    private static async Task Refused(string because, params string[] words)
    {
        var (code, _, error) = await CommandRun.Of(["import", .. words]);
        Assert.True(code == 2, error);
        Assert.Contains(because, Assert.Single(error.TrimEnd().Split('\n')));
    }
}
