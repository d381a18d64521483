using System.CommandLine;
using Connecto.Cli.Commands;

namespace Connecto.Cli;

/// <summary>The `connecto` command: parses, dispatches, and turns every outcome into one line and an exit code.</summary>
/// <remarks>0 success, 1 a failure of ours or the machine's, 2 a user's mistake, 130 stopped by Ctrl-C.</remarks>
public static class ConnectoCommand
{
    private const int Failure = 1, UserMistake = 2, Stopped = 130;

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var parse = Build().Parse(args);
        if (parse.Errors.Count > 0)
        {
            Console.Error.WriteLine($"connecto: {parse.Errors[0].Message} See `connecto {CommandPath(parse)}--help`.");
            return UserMistake;
        }
        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
            });
        }
        catch (Exception e)
        {
            return Report(e);
        }
    }

    internal static RootCommand Build()
    {
        var root = new RootCommand(
            "Connecto turns a stack of electron-microscopy slices into segmented neurons, synapses, a connectivity graph " +
            "and a sparse network that runs on an ordinary CPU.\n\nExample:\n  connecto run data-samples/phantom --out out");
        root.Add(RunCommand.Create());
        foreach (var stage in StageCommands.Create()) root.Add(stage);
        root.Add(ImportCommand.Create());
        foreach (var question in Questions()) root.Add(question);
        root.Add(SimulateCommand.Create());
        root.Add(FitCommand.Create());
        root.Add(BudgetCommand.Create());
        root.Add(ReportCommand.Create());
        root.Add(EvaluateCommand.Create());
        root.Add(PhantomCommand.Create());
        root.Add(TrainCommand.Create());
        root.Add(SparsifyCommand.Create());
        root.Add(PlanCommand.Create());
        root.Add(BenchCommand.Create());
        root.Add(ExportCommand.Create());
        root.Add(TuneCommand.Create());
        return root;
    }

    private static Command[] Questions() =>
    [
        StatsCommand.Create(), PartnersCommand.Create(), AdjacencyCommand.Create(), NeighboursCommand.Create(), PathCommand.Create(),
        MotifsCommand.Create(), RichClubCommand.Create(), CentralityCommand.Create(), SimilarCommand.Create(), LayersCommand.Create(),
        WhyCommand.Create(), WhyCommand.CreateContacts(), SqlCommand.Create(),
    ];

    private static int Report(Exception e)
    {
        switch (e)
        {
            case OperationCanceledException:
                Console.Error.WriteLine("connecto: stopped; run the same command again to go on from here.");
                return Stopped;
            case InvalidDataException or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException:
                Console.Error.WriteLine($"connecto: {OneLine(e.Message)}");
                return UserMistake;
            case IOException:
                Console.Error.WriteLine($"connecto: {OneLine(e.Message)} Finished stages are kept; a rerun goes on from them.");
                return Failure;
            default:
                Console.Error.WriteLine($"connecto: a failure that is not your mistake: {OneLine(e.Message)}\n{e}");
                return Failure;
        }
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private static string CommandPath(ParseResult parse)
    {
        var names = new List<string>();
        for (var symbol = (System.CommandLine.Parsing.SymbolResult?)parse.CommandResult; symbol is not null; symbol = symbol.Parent)
            if (symbol is System.CommandLine.Parsing.CommandResult command && command.Command is not RootCommand)
                names.Insert(0, command.Command.Name);
        return names.Count == 0 ? "" : string.Join(' ', names) + " ";
    }
}
