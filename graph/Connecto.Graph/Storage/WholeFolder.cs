namespace Connecto.Graph;

/// <summary>A folder that is written under another name and takes its own in one step, or is gone.</summary>
public sealed class WholeFolder : IDisposable
{
    private readonly string _whole, _mark;
    private bool _done;

    /// <param name="directory">The folder's name at the end; absent, empty, or one that holds the mark.</param>
    /// <param name="mark">A file that tells a folder of this kind.</param>
    /// <exception cref="InvalidDataException">The folder holds something else.</exception>
    public WholeFolder(string directory, string mark)
    {
        (_whole, _mark) = (Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)), mark);
        // A process that was killed between the two renames left the old folder under its other name.
        if (!Directory.Exists(_whole) && !File.Exists(_whole) && Directory.Exists(Old)) Directory.Move(Old, _whole);
        if (File.Exists(_whole) || (Directory.Exists(_whole) && !Replaceable(_whole)))
            throw new InvalidDataException(
                $"'{_whole}' is not empty and holds no {_mark}; choose another folder. Nothing was written.");
        Partial = _whole + ".partial";
        // What a process that was killed left behind.
        if (Directory.Exists(Partial)) Directory.Delete(Partial, recursive: true);
        Directory.CreateDirectory(Partial);
    }

    /// <summary>Where to write.</summary>
    public string Partial { get; }

    /// <summary>Flushes all files to the disk and gives the folder its name, in place of what stood there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Commit()
    {
        foreach (var path in Directory.EnumerateFiles(Partial, "*", SearchOption.AllDirectories))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
            file.Flush(flushToDisk: true);
        }
        if (Directory.Exists(Old)) Directory.Delete(Old, recursive: true);
        if (Directory.Exists(_whole)) Directory.Move(_whole, Old);
        Directory.Move(Partial, _whole);
        if (Directory.Exists(Old)) Directory.Delete(Old, recursive: true);
        _done = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_done && Directory.Exists(Partial)) Directory.Delete(Partial, recursive: true);
    }

    private string Old => _whole + ".old";

    private bool Replaceable(string directory) =>
        File.Exists(Path.Combine(directory, _mark)) || !Directory.EnumerateFileSystemEntries(directory).Any();
}
