using System.Text.Json;
using System.Text.RegularExpressions;
using Connecto.Graph;
using Connecto.Graph.DuckDb;

namespace Connecto.Cli.Tests;

/// <summary>Questions to a small connectome whose answers are known: neurons 1 to 6, of which some have names.</summary>
public sealed partial class QuestionTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-ask-").FullName;

    public QuestionTests()
    {
        // 1 -> 2 three times, 1 -> 3, 2 -> 1, 2 -> 3 twice, 3 -> 4, 5 -> 4; 6 is alone.
        (ulong, ulong)[] pairs = [(1, 2), (1, 2), (1, 2), (1, 3), (2, 1), (2, 3), (2, 3), (3, 4), (5, 4)];
        var synapses = SynapseTable.From(pairs.Select((p, i) => new Synapse(
            (ulong)i + 1, p.Item1, p.Item2, new Site(100 * i, 10, 20), new Site(1, 2, 3), new Site(4, 5, 6), 10 + i, 0.5f, 0)));
        Neuron[] neurons = [.. Enumerable.Range(1, 6).Select(i => new Neuron((ulong)i, i, default, default, default))];
        GraphTables.Write(_root, Connectome.Build(neurons, synapses));
        NameCsv.Write(Path.Combine(_root, "tables", NameCsv.File), [new(1, "PN1", "PN"), new(2, "PN2", "PN"), new(3, "KC1", "KC")]);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Partners_are_named_and_nothing_is_left_out_unsaid()
    {
        var answer = await Json("partners", _root, "PN*", "--direction", "out");
        Assert.Equal(["PN2", "KC1", "PN1"], answer.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("name").GetString()));
        Same(Numbers(answer, "contacts"), 3, 3, 1);
        Assert.Equal("3", answer.GetProperty("rows")[1].GetProperty("id").GetString());
        Assert.Equal(3 / 7.0, answer.GetProperty("rows")[1].GetProperty("fraction").GetDouble(), 9);
        Same(Numbers(await Json("partners", _root, "1,2", "--direction", "out", "--common"), "contacts"), 3);
        var (_, said, _) = await CommandRun.Of("partners", _root, "PN*", "--top", "1");
        Assert.Contains("were left out by --top 1", said);
        answer = await Json("partners", _root, "PN*", "--direction", "out", "--top", "1");
        Assert.Equal((3, 2), (answer.GetProperty("total").GetInt32(), answer.GetProperty("leftOut").GetInt32()));
    }

    [Fact]
    public async Task Csv_goes_to_a_file_or_to_the_terminal()
    {
        var file = Path.Combine(_root, "edges.csv");
        var (code, said, _) = await CommandRun.Of("adjacency", _root, "--from", "PN*", "--to", "KC*", "--csv", file);
        Assert.Equal((0, ""), (code, said));
        var lines = File.ReadAllLines(file);
        Assert.Equal("pre,pre_name,pre_type,post,post_name,post_type,contacts,size,score,fraction", lines[0]);
        Assert.StartsWith("1,PN1,PN,3,KC1,KC,1,13,0.5,0.333", lines[1]);
        Assert.Equal(3, lines.Length);
        (_, said, _) = await CommandRun.Of("adjacency", _root, "--from", "1,2", "--to", "1,2,3", "--matrix", "--csv", "-");
        Assert.Equal("pre,1,2,3\n1,0,3,1\n2,1,0,2\n", said.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_weight_is_traced_to_its_synapses()
    {
        var answer = await Json("why", _root, "--from", "1", "--to", "2");
        Assert.Equal(["1", "2", "3"], answer.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("synapse").GetString()));
        Assert.Equal((3, 33), (answer.GetProperty("contacts").GetInt32(), answer.GetProperty("size").GetInt32()));
        Assert.Contains("counted", answer.GetProperty("rule").GetString());
        var (_, said, _) = await CommandRun.Of("why", _root, "--from", "2", "--to", "5");
        Assert.Contains("No neuron of the first set makes a contact", said);
        Same(Numbers(await Json("why", _root, "--from", "1", "--to", "2", "--min-size", "12"), "size"), 12);
        Same(Numbers(await Json("contacts", _root, "--near", "150,10,20", "--within", "50"), "size"), 11, 12);
        Same(Numbers(await Json("contacts", _root, "--box", "-1:100,0:50,0:50"), "size"), 10);
        Same(Numbers(await Json("adjacency", _root, "--from", "*", "--to", "*", "--min-contacts", "3"), "contacts"), 3);
    }

    [Fact]
    public async Task Ways_layers_and_neighbours_follow_the_synapses()
    {
        var answer = await Json("path", _root, "--from", "1", "--to", "4");
        Same(Numbers(answer, "contacts"), 3, 2, 1);
        Assert.Equal(1 / 3.0, answer.GetProperty("strength").GetDouble(), 9);
        Assert.Equal(2, (await Json("path", _root, "--from", "1", "--to", "4", "--by", "hops")).GetProperty("hops").GetInt32());
        Assert.False((await Json("path", _root, "--from", "4", "--to", "1")).GetProperty("found").GetBoolean());
        Same(Numbers(await Json("neighbours", _root, "1"), "hops"), 0, 1, 1, 2);
        Same(Numbers(await Json("layers", _root, "--inputs", "1"), "layer"), 0, 1, 1, 2, -1, -1);
    }

    [Fact]
    public async Task Sql_sees_tables_and_names()
    {
        var answer = await Json("sql",
            "SELECT n.name, sum(contacts)::BIGINT AS made FROM connections c JOIN names n ON n.id = c.pre GROUP BY 1 ORDER BY 2 DESC", _root);
        Same(Numbers(answer, "made"), 4, 3, 1);
        Assert.Equal("PN1", answer.GetProperty("rows")[0].GetProperty("name").GetString());
        answer = await Json("sql", "SELECT type, count(*)::INTEGER AS n FROM neurons WHERE type <> '' GROUP BY 1 ORDER BY 1", _root, "--memory", "100MiB");
        Same(Numbers(answer, "n"), 1, 2);
        Same(Numbers(await Json("sql", "SELECT DISTINCT sign FROM connections", _root), "sign"), 0);
        Assert.Equal(2, (await CommandRun.Of("sql", "SELECT 1", _root, "--memory", "lots")).Code);
        Assert.Equal(2, (await CommandRun.Of("sql", "SELECT nonsense", _root)).Code);
    }

    [Fact]
    public async Task Figures_of_the_whole_graph_come_in_every_form()
    {
        var answer = await Json("motifs", _root, "--null", "4", "--threads", "2");
        Assert.Equal(20, Numbers(answer, "count").Sum());
        Same(Numbers(await Json("centrality", _root, "--by", "degree,core"), "core"), 2, 2, 2, 1, 1, 0);
        Assert.NotEmpty(Numbers(await Json("richclub", _root, "--null", "0"), "neurons"));
        Assert.Equal(9, (await Json("stats", _root)).GetProperty("statistics").GetProperty("synapses").GetInt32());
        Assert.Equal("2", (await Json("similar", _root, "1", "--side", "outputs")).GetProperty("rows")[0].GetProperty("id").GetString());
        var table = Path.Combine(_root, "degrees.csv");
        File.WriteAllText(table, "CellID,Length,Synapses,Density,Degree,WeightedDegree\na,1,9,1,2,8\n");
        Assert.Equal(1750, (await Json("stats", "--degrees", table)).GetProperty("partnersOf7000Synapses").GetDouble());
    }

    [Fact]
    public async Task A_question_without_sense_gets_one_sentence()
    {
        string[][] questions =
        [
            ["partners", _root, "XX*"], ["partners", _root, "1", "--direction", "up"], ["partners", _root, "1", "--top", "0"],
            ["path", _root, "--from", "1"], ["path", _root, "--from", "1", "--to", "1,2"], ["motifs", _root, "--null", "1"],
            ["contacts", _root, "--box", "1:2"], ["contacts", _root, "--near", "1,2,3"], ["centrality", _root, "--by", "fame"],
            ["stats"], ["stats", _root + "x"], ["sql", "SELECT 1", _root + "x"], ["neighbours", _root, "1", "--hops", "-1"],
        ];
        foreach (var question in questions)
        {
            var (code, said, error) = await CommandRun.Of(question);
            Assert.True(code == 2, $"{string.Join(' ', question)}: {code} {error}");
            Assert.Equal("", said);
            Assert.Single(error.Trim().Split('\n'));
        }
    }

    [Theory]
    [InlineData("partners"), InlineData("adjacency"), InlineData("neighbours"), InlineData("path"), InlineData("motifs"), InlineData("richclub")]
    [InlineData("centrality"), InlineData("similar"), InlineData("layers"), InlineData("why"), InlineData("contacts"), InlineData("sql")]
    [InlineData("stats")]
    public async Task The_example_of_the_help_works(string name)
    {
        var (_, help, _) = await CommandRun.Of(name, "--help");
        var example = help.Split('\n').SkipWhile(l => !l.Contains("Example:")).First(l => l.Contains($"connecto {name} "));
        var arguments = Words().Matches(example).Select(m => m.Value.Trim('"', '\'')).SkipWhile(w => w != name)
            .Select(w => w == "out" ? _root : w).ToArray();
        var (code, said, error) = await CommandRun.Of(arguments);
        Assert.True(code == 0, error);
        Assert.NotEqual("", said);
    }

    private static async Task<JsonElement> Json(params string[] command)
    {
        var (code, said, error) = await CommandRun.Of([.. command, "--json"]);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {error}");
        return JsonDocument.Parse(said).RootElement;
    }

    private static void Same(int[] found, params int[] expected) => Assert.Equal(expected, found);

    private static int[] Numbers(JsonElement answer, string column) =>
        [.. answer.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty(column).GetInt32())];

    [GeneratedRegex("\"[^\"]*\"|'[^']*'|\\S+")]
    private static partial Regex Words();
}
