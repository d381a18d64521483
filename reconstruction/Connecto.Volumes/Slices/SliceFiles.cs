namespace Connecto.Volumes.Slices;

/// <summary>Finds the files of a stack.</summary>
internal static class SliceFiles
{
    public static bool IsPng(string file) => Path.GetExtension(file).Equals(".png", StringComparison.OrdinalIgnoreCase);

    public static bool IsTiff(string file) =>
        Path.GetExtension(file) is var extension
        && (extension.Equals(".tif", StringComparison.OrdinalIgnoreCase)
            || extension.Equals(".tiff", StringComparison.OrdinalIgnoreCase));

    /// <summary>The folder (or file) that was taken, and its pictures in natural order; at least one, of one
    /// kind.</summary>
    public static (string Path, string[] Files) Find(string path)
    {
        if (File.Exists(path))
            return IsPng(path) || IsTiff(path)
                ? (path, [path])
                : throw new InvalidDataException(
                    $"{path} is neither PNG nor TIFF by its name; a folder of slices or a TIFF was expected. Nothing was written.");
        var files = Pictures(path);
        var raw = Path.Combine(path, "raw");
        if (files.Length == 0 && Directory.Exists(raw)) (path, files) = (raw, Pictures(raw));
        if (files.Length == 0)
            throw new InvalidDataException(
                $"{path} holds no slices ({Contents(path)}); PNG or TIFF files were expected. Nothing was written.");
        var png = files.Count(IsPng);
        if (png != 0 && png != files.Length)
            throw new InvalidDataException(
                $"{path} holds {png} PNG and {files.Length - png} TIFF files; slices of one kind were expected. Nothing was written.");
        return (path, files);
    }

    private static string[] Pictures(string folder)
    {
        var files = Directory.EnumerateFiles(folder)
            .Where(file => (IsPng(file) || IsTiff(file)) && !Path.GetFileName(file).StartsWith('.')).ToArray();
        Array.Sort(files, (a, b) => NaturalOrder.Instance.Compare(Path.GetFileName(a), Path.GetFileName(b)));
        return files;
    }

    private static string Contents(string folder)
    {
        var names = Directory.EnumerateFileSystemEntries(folder)
            .Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();
        var rest = names.Length > 3 ? $" and {names.Length - 3} more" : "";
        return names.Length == 0 ? "it is empty" : $"found {string.Join(", ", names.Take(3))}{rest}";
    }
}
