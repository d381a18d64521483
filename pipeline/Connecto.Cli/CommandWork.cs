using System.CommandLine;

namespace Connecto.Cli;

/// <summary>Gives a command its work, on a thread of its own: so Ctrl-C is heard while it runs, and cancels it.</summary>
internal static class CommandWork
{
    public static void SetWork(this Command command, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction((parse, cancellation) => Task.Run(() => work(parse, cancellation), CancellationToken.None));
}
