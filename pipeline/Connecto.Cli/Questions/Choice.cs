using System.CommandLine;

namespace Connecto.Cli.Questions;

/// <summary>Options that take one of a few words, and numbers within bounds.</summary>
internal static class Choice
{
    /// <summary>The value that a word stands for.</summary>
    /// <exception cref="InvalidDataException">It stands for none.</exception>
    public static T Of<T>(ParseResult parse, Option<string?> option, params ReadOnlySpan<(string Word, T Value)> choices)
    {
        if (parse.GetValue(option) is not { } word) return choices[0].Value;
        var words = new List<string>();
        foreach (var (name, value) in choices)
        {
            if (name == word) return value;
            words.Add(name);
        }
        throw new InvalidDataException($"{option.Name} '{word}' is none of {string.Join(", ", words)}; nothing was answered.");
    }

    /// <summary>A whole number of at least so much.</summary>
    /// <exception cref="InvalidDataException">It is less.</exception>
    public static int AtLeast(ParseResult parse, Option<int?> option, int least, int otherwise) => parse.GetValue(option) switch
    {
        null => otherwise,
        var value when value >= least => value.Value,
        var value => throw new InvalidDataException($"{option.Name} must be {least} or more, but is {value}; nothing was answered."),
    };

    /// <summary>How many threads; results are the same with any number.</summary>
    public static Option<int?> Threads() => new("--threads") { Description = "Threads; the answer is the same with any number. Default: all of the machine." };

    /// <summary>The threads asked for.</summary>
    public static int Threads(ParseResult parse, Option<int?> option) => AtLeast(parse, option, 1, Environment.ProcessorCount);
}
