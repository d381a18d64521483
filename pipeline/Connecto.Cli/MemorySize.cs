using System.CommandLine;
using System.Globalization;
using Connecto.Pipeline;

namespace Connecto.Cli;

/// <summary>How much memory a command may hold.</summary>
internal static class MemorySize
{
    private const long Least = 64 << 20;

    private static readonly (string Suffix, double Factor)[] Units =
        [("GiB", 1L << 30), ("MiB", 1L << 20), ("GB", 1e9), ("MB", 1e6), ("G", 1L << 30), ("M", 1L << 20)];

    /// <summary>The flag.</summary>
    /// <param name="what">What the memory is for, after "Memory".</param>
    public static Option<string?> Option(string what) => new("--memory")
    {
        Description = $"Memory {what}, e.g. 8GiB or 600MiB. Default: 60 % of the machine.",
    };

    /// <summary>Bytes that the flag gives; 60 % of the machine without it.</summary>
    /// <exception cref="InvalidDataException">It is no size of at least 64 MiB.</exception>
    public static long Of(string? text) => new RunSettings { Memory = text is null ? 0 : Parse(text) }.EffectiveMemory;

    /// <summary>Reads a size with its unit.</summary>
    /// <exception cref="InvalidDataException">It is no size of at least 64 MiB.</exception>
    public static long Parse(string text)
    {
        foreach (var (suffix, factor) in Units)
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(text[..^suffix.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && value * factor >= Least && value * factor < 1e15)
                return (long)(value * factor);
        throw new InvalidDataException($"--memory '{text}' is not a size of at least 64MiB, such as 8GiB; nothing was changed.");
    }
}
