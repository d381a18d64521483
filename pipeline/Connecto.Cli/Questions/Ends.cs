using System.CommandLine;
using Connecto.Pipeline;

namespace Connecto.Cli.Questions;

/// <summary>The two ends of a question: --from and --to, sets of neurons.</summary>
internal static class Ends
{
    public static (Option<string?> From, Option<string?> To) Create() =>
        (new("--from") { Description = "Presynaptic neurons: ids, names, types, or patterns as in PN*, commas between." },
         new("--to") { Description = "Postsynaptic neurons, likewise." });

    /// <summary>The neurons that an end names.</summary>
    /// <exception cref="InvalidDataException">It is absent or names none.</exception>
    public static int[] Find(ParseResult parse, ConnectomeSource source, Option<string?> end) => source.Names.Find(
        parse.GetValue(end) ?? throw new InvalidDataException($"{end.Name} is missing; both --from and --to are needed. Nothing was answered."));
}
