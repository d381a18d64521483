using System.CommandLine;
using Connecto.Graph;

namespace Connecto.Cli.Questions;

/// <summary>How random graphs of the same degrees are drawn, on the command line.</summary>
internal static class Null
{
    public static (Option<int?> Samples, Option<double?> Steps, Option<long?> Seed) Create() =>
        (new("--null") { Description = "Random graphs to compare with, 2 or more, or 0 for none. Default: 20." },
         new("--switches") { Description = "Edge switches tried a connection. Default: 10." },
         new("--seed") { Description = "Seed of the random graphs. Default: 1." });

    /// <summary>The options, or null for no random graphs.</summary>
    /// <exception cref="InvalidDataException">One makes no sense.</exception>
    public static NullOptions? Read(
        ParseResult parse, Option<int?> samples, Option<double?> steps, Option<long?> seed, int threads)
    {
        var (count, tried) = (parse.GetValue(samples) ?? 20, parse.GetValue(steps) ?? 10);
        if (count is 1 or < 0) throw new InvalidDataException($"--null must be 0, or 2 or more, but is {count}; nothing was answered.");
        if (!double.IsFinite(tried) || tried < 0) throw new InvalidDataException("--switches must be 0 or more; nothing was answered.");
        return count == 0 ? null
            : new NullOptions { Samples = count, StepsPerEdge = tried, Seed = (ulong)(parse.GetValue(seed) ?? 1), Threads = threads };
    }
}
