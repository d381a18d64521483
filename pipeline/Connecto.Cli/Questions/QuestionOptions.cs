using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Connecto.Graph;
using Connecto.Pipeline;

namespace Connecto.Cli.Questions;

/// <summary>What every question to a connectome takes: whose, about which contacts, and how it is answered.</summary>
internal sealed class QuestionOptions
{
    private readonly Argument<string> _directory = new("dir") { Description = "A run's directory, or any other that holds a connectome." };

    private readonly Option<bool> _json = new("--json") { Description = "Print the whole answer as JSON; ids are strings." };

    private readonly Option<string?> _csv = new("--csv") { Description = "Write the rows as CSV to this file; - prints them." };

    private readonly Option<int?> _top = new("--top") { Description = "Show the first N rows alone, and say how many were left out. Default: all." };

    private readonly Option<int?> _minContacts = new("--min-contacts") { Description = "Only connections of at least so many contacts." };

    private readonly Option<float?> _minScore = new("--min-score") { Description = "Only contacts of at least this score, 0 to 1." };

    private readonly Option<long?> _minSize = new("--min-size") { Description = "Only contacts of at least so many cleft voxels." };

    private readonly Option<string?> _box = new("--box") { Description = "Only contacts in this box, nm: z0:z1,y0:y1,x0:x1 (ends exclusive)." };

    private readonly Option<string?> _near = new("--near") { Description = "Only contacts near this point, nm: z,y,x; with --within." };

    private readonly Option<double?> _within = new("--within") { Description = "Largest distance to --near, nm." };

    /// <summary>Puts the options on a command whose directory comes first.</summary>
    public Command On(Command command)
    {
        command.Add(_directory);
        return OnAnswer(command, _minContacts, _minScore, _minSize, _box, _near, _within);
    }

    /// <summary>The same for a command that can also answer without a directory.</summary>
    public Command OnOptionalDirectory(Command command)
    {
        _directory.Arity = ArgumentArity.ZeroOrOne;
        return On(command);
    }

    /// <summary>Puts those options on a command that say how it is answered.</summary>
    public Command OnAnswer(Command command, params Option[] others)
    {
        foreach (var option in (Option[])[_json, _csv, _top, .. others]) command.Add(option);
        return command;
    }

    /// <summary>Opens the connectome and leaves the contacts that the question is about.</summary>
    /// <exception cref="InvalidDataException">An option has no sense, or the directory holds no connectome.</exception>
    public ConnectomeSource Open(ParseResult parse)
    {
        var filter = Filter(parse);
        _ = Rows(parse, 0);
        var source = ConnectomeSource.Open(parse.GetValue(_directory)
            ?? throw new InvalidDataException("The directory of a run or of another connectome is missing; nothing was answered."));
        return source with { Connectome = filter.Apply(source.Connectome) };
    }

    /// <summary>True where the answer goes to standard output for people.</summary>
    public bool IsForPeople(ParseResult parse) => !parse.GetValue(_json) && parse.GetValue(_csv) is null;

    /// <summary>Answers with rows, and with facts about all of them.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="table">All rows.</param>
    /// <param name="facts">What JSON says beside the rows.</param>
    /// <param name="sentences">What people are told under the table.</param>
    public void Answer(ParseResult parse, AnswerTable table, JsonObject? facts = null, params IEnumerable<string> sentences)
    {
        var rows = Rows(parse, table.Count);
        if (parse.GetValue(_csv) is { } file) WriteCsv(file, table, rows);
        if (parse.GetValue(_json))
        {
            var answer = facts ?? [];
            answer["total"] = table.Count;
            answer["leftOut"] = table.Count - rows;
            answer["rows"] = table.ToJson(rows);
            Console.Out.WriteLine(answer.ToJsonString(RunManifest.Json));
        }
        if (!IsForPeople(parse)) return;
        table.Print(rows);
        foreach (var sentence in sentences) Console.Out.WriteLine(sentence);
        if (rows < table.Count) Console.Out.WriteLine($"{table.Count} rows; {table.Count - rows} were left out by --top {rows}.");
    }

    private int Rows(ParseResult parse, int all) => parse.GetValue(_top) switch
    {
        null => all,
        >= 1 and var top => Math.Min(top, all),
        var top => throw new InvalidDataException($"--top must be 1 or more, but is {top}; nothing was answered."),
    };

    private static void WriteCsv(string file, AnswerTable table, int rows)
    {
        if (file == "-")
        {
            table.WriteCsv(Console.Out, rows);
            return;
        }
        var partial = file + ".tmp";
        try
        {
            using (var writer = new StreamWriter(partial)) table.WriteCsv(writer, rows);
            File.Move(partial, file, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
        Console.Error.WriteLine($"{rows} rows written to '{file}'{(rows < table.Count ? $"; {table.Count - rows} were left out by --top" : "")}.");
    }

    private ConnectomeFilter Filter(ParseResult parse)
    {
        var box = parse.GetValue(_box) is { } text ? Box(text) : default;
        Site? near = parse.GetValue(_near) is { } point ? Point(point) : null;
        var within = parse.GetValue(_within);
        if (near is null != within is null || within is < 0 or double.NaN)
            throw new InvalidDataException("--near and --within go together, as in --near 1000,2000,3000 --within 500; nothing was answered.");
        return new ConnectomeFilter
        {
            BoxBegin = box?.Begin,
            BoxEnd = box?.End,
            Near = near,
            WithinNm = within ?? double.PositiveInfinity,
            MinContacts = parse.GetValue(_minContacts) ?? 0,
            MinScore = parse.GetValue(_minScore) ?? 0,
            MinSize = parse.GetValue(_minSize) ?? 0,
        };
    }

    private static (Site Begin, Site End)? Box(string text)
    {
        var ends = text.Split(',').Select(axis => axis.Split(':')).ToArray();
        if (ends.Length == 3 && ends.All(e => e.Length == 2)
            && Numbers(ends.Select(e => e[0])) is { } begin && Numbers(ends.Select(e => e[1])) is { } end
            && begin.Z < end.Z && begin.Y < end.Y && begin.X < end.X)
            return (begin, end);
        throw new InvalidDataException(
            $"--box '{text}' is not z0:z1,y0:y1,x0:x1 in nm with each end behind its begin; nothing was answered.");
    }

    private static Site Point(string text) => Numbers(text.Split(',')) ??
        throw new InvalidDataException($"--near '{text}' is not a point z,y,x in nm; nothing was answered.");

    private static Site? Numbers(IEnumerable<string> parts)
    {
        var numbers = new List<float>();
        foreach (var part in parts)
            if (float.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && float.IsFinite(number))
                numbers.Add(number);
            else
                return null;
        return numbers.Count == 3 ? new Site(numbers[0], numbers[1], numbers[2]) : null;
    }
}
