namespace Connecto.Graph;

/// <summary>The files of a published data set: one file, or a folder of them.</summary>
/// <param name="path">The file or folder.</param>
/// <param name="openParquet">Opens a Parquet table.</param>
public sealed class ImportSource(string path, Func<string, TableReader> openParquet)
{
    private readonly List<string> _read = [];

    /// <summary>Full path of the file or folder.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => Directory.Exists(Path);

    /// <summary>The folder: itself, or the one that the file lies in.</summary>
    public string Folder => IsFolder ? Path : System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>The file itself, or the first of these that its folder has.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public string Require(params ReadOnlySpan<string> names)
    {
        if (File.Exists(Path)) return Path;
        return Beside(names) ?? throw new FileNotFoundException(Directory.Exists(Path)
            ? $"'{Path}' has none of {string.Join(", ", names.ToArray())}; nothing was imported."
            : $"'{Path}' does not exist; nothing was imported.", Path);
    }

    /// <summary>The first of these files that the folder has, also as .gz or .parquet; or null.</summary>
    public string? Beside(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            foreach (var ending in (ReadOnlySpan<string>)["", ".gz"])
                if (System.IO.Path.Combine(Folder, name + ending) is var file && File.Exists(file))
                    return file;
        return null;
    }

    /// <summary>Opens a table of the data set: text, gzipped text, or Parquet by its ending.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public TableReader Open(string file)
    {
        Note(file);
        return Peek(file);
    }

    internal TableReader Peek(string file)
    {
        if (!File.Exists(file)) throw new FileNotFoundException($"There is no table {file}; nothing was imported.", file);
        return file.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) ? openParquet(file) : new TextTable(file);
    }

    /// <summary>Remembers that a file was read.</summary>
    public void Note(string file) => _read.Add(file);

    /// <summary>The files that were read, described.</summary>
    public IReadOnlyList<SourceFile> Sources() => [.. _read.Distinct().Select(SourceFile.Of)];
}
