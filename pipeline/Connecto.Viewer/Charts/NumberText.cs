using System.Globalization;

namespace Connecto.Viewer;

/// <summary>Round numbers for ticks, scale bars and bins.</summary>
internal static class NiceNumber
{
    /// <summary>The least of 1, 2, 5, 10, 20, ... (times any power of ten) that is not below a positive
    /// number.</summary>
    internal static double AtLeast(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-12));
        var rest = value / power;
        return power * (rest <= 1 + 1e-9 ? 1 : rest <= 2 + 1e-9 ? 2 : rest <= 5 + 1e-9 ? 5 : 10);
    }

    /// <summary>The largest of those numbers that is not above a positive number.</summary>
    internal static double AtMost(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-12));
        var rest = value / power;
        return power * (rest >= 10 - 1e-9 ? 10 : rest >= 5 - 1e-9 ? 5 : rest >= 2 - 1e-9 ? 2 : 1);
    }
}

/// <summary>Numbers as pictures show them; invariant culture.</summary>
internal static class NumberText
{
    /// <summary>A number with the digits that its step asks for; thousands and millions as "20k", "1.5M".</summary>
    internal static string Short(double value, double step)
    {
        var size = Math.Abs(value);
        var (unit, letter) = size >= 1e9 ? (1e9, "G") : size >= 1e6 ? (1e6, "M") : size >= 1e4 ? (1e3, "k") : (1.0, "");
        if (size > 0 && size < 1e-4) return value.ToString("0.#e0", CultureInfo.InvariantCulture);
        var digits = Math.Clamp((int)Math.Ceiling(-Math.Log10(Math.Abs(step) / unit) - 1e-9), 0, 6);
        return (value / unit).ToString($"F{digits}", CultureInfo.InvariantCulture) + letter;
    }

    /// <summary>A count with its thousands parted: "12,345".</summary>
    internal static string Count(double value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    /// <summary>A length in nm or µm: "500 nm", "2 µm".</summary>
    internal static string Length(double nm) => nm >= 1000
        ? (nm / 1000).ToString("0.###", CultureInfo.InvariantCulture) + " µm"
        : nm.ToString("0.###", CultureInfo.InvariantCulture) + " nm";

    /// <summary>"1 synapse", "2 synapses".</summary>
    internal static string Plural(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
