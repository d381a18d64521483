using Connecto.Volumes;

namespace Connecto.Cli;

/// <summary>Finds models: the shipped ones beside the program, others by their directory.</summary>
internal static class Models
{
    /// <summary>Where the shipped models lie.</summary>
    public static string Shipped { get; } = Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>The directory of a model given by path or by the name of a shipped one.</summary>
    /// <param name="nameOrPath">What the user said.</param>
    /// <param name="option">Where, for the message.</param>
    /// <exception cref="InvalidDataException">There is neither.</exception>
    public static string Resolve(string nameOrPath, string option = "--model")
    {
        if (Directory.Exists(nameOrPath) || File.Exists(nameOrPath)) return Path.GetFullPath(nameOrPath);
        var shipped = Path.Combine(Shipped, nameOrPath);
        if (!nameOrPath.Contains('/') && !nameOrPath.Contains('\\') && Directory.Exists(shipped)) return shipped;
        throw new InvalidDataException(
            $"{option} '{nameOrPath}' is neither a directory nor a shipped model ({string.Join(", ", Names())}); nothing was changed.");
    }

    /// <summary>The shipped model for a voxel size: sections much thicker than pixels are ssTEM, others FIB-SEM.</summary>
    public static string For(VoxelSize voxelSize) => Path.Combine(Shipped, voxelSize.Anisotropy >= 2.5 ? "sstem" : "fibsem");

    private static IEnumerable<string> Names() =>
        Directory.Exists(Shipped) ? Directory.GetDirectories(Shipped).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal) : [];
}
