using System.CommandLine;
using Connecto.Cli.Questions;
using Connecto.Graph;
using Connecto.Graph.DuckDb;

namespace Connecto.Cli.Commands;

/// <summary>`connecto sql "SELECT ..." DIR`: any question in SQL over the tables, by DuckDB in this process.</summary>
internal static class SqlCommand
{
    public static Command Create()
    {
        var question = new QuestionOptions();
        var sql = new Argument<string>("sql") { Description = "A statement over the views neurons, synapses, connections and names." };
        var directory = new Argument<string>("dir") { Description = "A run's directory, or any other with tables." };
        var command = question.OnAnswer(new Command("sql",
            "Asks the tables in SQL; DuckDB answers in this process. neurons: id, voxels, begin_z_nm ... centroid_x_nm, in_synapses, out_synapses, " +
            "in_partners, out_partners, name, type and any other label. synapses: id, pre, post, z_nm, y_nm, x_nm, pre_z_nm ... post_x_nm, size, score, block. connections: pre, post, " +
            "contacts, size, score, sign (1 excites, -1 inhibits, 0 not known). names: id, name, type of the neurons that have one.\n\nExample:\n  connecto sql \"SELECT pre, post, contacts FROM connections ORDER BY contacts DESC, pre, post\" out --top 10"));
        var memory = MemorySize.Option("that DuckDB may hold before it puts rows on disk");
        command.Add(memory);
        command.Add(sql);
        command.Add(directory);
        command.SetWork((parse, cancellation) =>
        {
            var root = parse.GetRequiredValue(directory);
            var tables = Path.Combine(root, GraphTables.Folder);
            if (!Directory.Exists(tables))
                throw new InvalidDataException($"'{root}' has no tables; give the --out directory of `connecto run`, after its graph stage. Nothing was read.");
            using var database = GraphViews.Open(root, new DuckOptions { MemoryBytes = MemorySize.Of(parse.GetValue(memory)) });
            var result = database.Query(parse.GetRequiredValue(sql), cancellation);
            var table = new AnswerTable([.. result.Columns.Select(c => c.Name)]);
            for (var row = 0; row < result.RowCount; row++) table.Add([.. result.Columns.Select(c => c[row])]);
            question.Answer(parse, table, sentences: $"{table.Count} row(s).");
            return Task.FromResult(0);
        });
        return command;
    }
}
