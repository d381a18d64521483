namespace Connecto.Volumes.Tests;

/// <summary>A folder of its own that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Root);

    public string Root { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "connecto-" + Guid.NewGuid().ToString("N"));

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public string Folder(string name) => Directory.CreateDirectory(Path(name)).FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
