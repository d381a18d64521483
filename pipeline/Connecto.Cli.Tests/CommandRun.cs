namespace Connecto.Cli.Tests;

/// <summary>Runs a command line inside the test's process and keeps what it said. One at a time: the console is shared.</summary>
internal static class CommandRun
{
    private static readonly SemaphoreSlim Turn = new(1);

    public static async Task<(int Code, string Out, string Error)> Of(params string[] args)
    {
        await Turn.WaitAsync();
        var (output, error) = (Console.Out, Console.Error);
        using var said = new StringWriter();
        using var complained = new StringWriter();
        try
        {
            Console.SetOut(said);
            Console.SetError(complained);
            var code = await ConnectoCommand.RunAsync(args);
            return (code, said.ToString(), complained.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
            Turn.Release();
        }
    }
}
