using System.Text;

namespace Connecto.Graph;

/// <summary>Writes the columns of a stored connectome into a folder, and its document last.</summary>
internal sealed class ConnectomeColumns(string directory)
{
    private readonly List<ColumnEntry> _entries = [];

    public string Directory { get; } = directory;

    public ColumnWriter<T> Begin<T>(string name) where T : unmanaged => new(PathOf(name));

    public void End<T>(string name, ColumnWriter<T> writer) where T : unmanaged
    {
        using (writer) _entries.Add(ColumnEntry.Of(name, writer.Finish()));
    }

    public void Write<T>(string name, ReadOnlySpan<T> values) where T : unmanaged
    {
        var writer = Begin<T>(name);
        writer.Add(values);
        End(name, writer);
    }

    /// <summary>Writes a finished column anew from pieces that are worked out from the old one.</summary>
    public void Rewrite<T>(string name, Func<string, IEnumerable<ReadOnlyMemory<T>>> pieces) where T : unmanaged
    {
        var old = PathOf(name) + ".old";
        File.Move(PathOf(name), old);
        _entries.RemoveAll(e => e.Name == name);
        var writer = Begin<T>(name);
        using (writer)
        {
            foreach (var piece in pieces(old)) writer.Add(piece.Span);
            End(name, writer);
        }
        File.Delete(old);
    }

    public void WriteNeurons(ReadOnlySpan<Neuron> neurons)
    {
        var ids = new ulong[neurons.Length];
        var voxels = new long[neurons.Length];
        Site[] begin = new Site[neurons.Length], end = new Site[neurons.Length], centroid = new Site[neurons.Length];
        for (var i = 0; i < neurons.Length; i++)
            (ids[i], voxels[i], begin[i], end[i], centroid[i]) =
                (neurons[i].Id, neurons[i].Voxels, neurons[i].Begin, neurons[i].End, neurons[i].Centroid);
        Write<ulong>("neurons.id", ids);
        Write<long>("neurons.voxels", voxels);
        Write<Site>("neurons.begin", begin);
        Write<Site>("neurons.end", end);
        Write<Site>("neurons.centroid", centroid);
    }

    public void Finish(NeuronLabels labels, ConnectomeDocument document)
    {
        var entries = new List<LabelEntry>();
        foreach (var column in labels.Columns)
        {
            var name = $"labels.{entries.Count}";
            Write(name, column.Codes);
            entries.Add(new LabelEntry(column.Name, name, column.Values));
        }
        document = document with
        {
            FormatName = ConnectomeDocument.Format,
            FormatVersion = ConnectomeDocument.Version,
            Labels = entries,
            Columns = [.. _entries.OrderBy(e => e.Name, StringComparer.Ordinal)],
        };
        File.WriteAllText(Path.Combine(Directory, ConnectomeDocument.File), GraphJson.Write(document) + "\n", new UTF8Encoding(false));
    }

    public string PathOf(string name) => Path.Combine(Directory, name + ".column");
}
