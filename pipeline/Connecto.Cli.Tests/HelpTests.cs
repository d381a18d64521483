using System.CommandLine;

namespace Connecto.Cli.Tests;

/// <summary>Every command explains itself with an example.</summary>
public sealed class HelpTests
{
    [Fact]
    public async Task Every_command_has_help_with_an_example()
    {
        foreach (var path in Paths(ConnectoCommand.Build(), []))
        {
            var (code, output, _) = await CommandRun.Of([.. path, "--help"]);
            Assert.True(code == 0, string.Join(' ', path));
            Assert.True(output.Contains("Example:"), $"connecto {string.Join(' ', path)} --help shows no example.");
        }
    }

    private static IEnumerable<string[]> Paths(Command command, string[] path)
    {
        yield return path;
        foreach (var child in command.Subcommands)
            foreach (var deeper in Paths(child, [.. path, child.Name]))
                yield return deeper;
    }
}
