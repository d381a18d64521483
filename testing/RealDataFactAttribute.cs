namespace Connecto.Testing;

/// <summary>A fact about public data that the repository does not carry; skipped, with the reason, where it is absent.</summary>
/// <remarks>The folder is named by the environment variable CONNECTO_DATA; <paramref name="path"/> lies inside it.</remarks>
internal sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute(string path)
    {
        if (RealData.Find(path) is null)
            Skip = $"needs the public data '{path}': set CONNECTO_DATA to the folder that holds it";
    }
}

/// <summary>Where the public data sets are on this machine.</summary>
internal static class RealData
{
    /// <summary>The full path of a data set, or null where it is absent.</summary>
    public static string? Find(string path)
    {
        var root = Environment.GetEnvironmentVariable("CONNECTO_DATA");
        if (string.IsNullOrEmpty(root)) return null;
        var full = Path.Combine(root, path);
        return Directory.Exists(full) || File.Exists(full) ? full : null;
    }

    /// <summary>The full path of a data set that a <see cref="RealDataFactAttribute"/> has found.</summary>
    public static string Require(string path) =>
        Find(path) ?? throw new DirectoryNotFoundException($"CONNECTO_DATA holds no '{path}'.");
}
