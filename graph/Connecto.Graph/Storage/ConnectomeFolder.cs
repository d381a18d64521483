using System.Text.Json;

namespace Connecto.Graph;

/// <summary>A connectome on disk: connectome.json and one file a column (<see cref="ColumnHeader"/>), to be memory-mapped.
/// Both directions are stored, so nothing is sorted at opening; the synapses lie ascending by id, and contacts.rows lists
/// them by edge. What was given up: compression, which would have to be undone before a column can be mapped.</summary>
internal static class ConnectomeFolder
{
    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, ConnectomeDocument.File));

    public static void Save(Connectome connectome, string directory)
    {
        using var folder = new WholeFolder(directory, ConnectomeDocument.File);
        var writer = new ConnectomeColumns(folder.Partial);
        var (e, s) = (connectome.Columns, connectome.Synapses.Stored);
        writer.WriteNeurons(connectome.Neurons);
        writer.Write("edges.out-starts", e.OutStarts.Span);
        writer.Write("edges.pre", e.Pre.Span);
        writer.Write("edges.post", e.Post.Span);
        writer.Write("edges.contacts", e.Contacts.Span);
        writer.Write("edges.size", e.Sizes.Span);
        writer.Write("edges.score", e.Scores.Span);
        if (e.Signs is { } signs) writer.Write("edges.sign", signs.Span);
        writer.Write("edges.in-starts", e.InStarts.Span);
        writer.Write("edges.in-edges", e.InEdges.Span);
        writer.Write("edges.in-pre", e.InPre.Span);
        if (e is { ContactStarts: { } starts, ContactRows: { } rows })
        {
            writer.Write("edges.contact-starts", starts.Span);
            writer.Write("contacts.rows", rows.Span);
            writer.Write("synapses.id", s.Ids.Span);
            writer.Write("synapses.pre", s.Pre.Span);
            writer.Write("synapses.post", s.Post.Span);
            writer.Write("synapses.cleft", s.Clefts.Span);
            writer.Write("synapses.pre-site", s.PreSites.Span);
            writer.Write("synapses.post-site", s.PostSites.Span);
            writer.Write("synapses.size", s.Sizes.Span);
            writer.Write("synapses.score", s.Scores.Span);
            writer.Write("synapses.block", s.Blocks.Span);
        }
        writer.Finish(connectome.Labels, new ConnectomeDocument
        {
            Neurons = connectome.NeuronCount,
            Edges = connectome.EdgeCount,
            Contacts = connectome.ContactCount,
            Synapses = connectome.Synapses.Count,
            UnassignedSynapses = connectome.UnassignedSynapses,
            Autapses = connectome.Autapses,
            Provenance = connectome.Provenance,
        });
        folder.Commit();
    }

    public static Connectome Open(string directory, ConnectomeCheck check)
    {
        var document = ReadDocument(directory);
        var map = new ColumnMap(directory);
        try
        {
            var columns = new StoredColumns(document, map, directory);
            var edges = columns.Edges();
            var synapses = columns.Has("synapses.id") ? new SynapseTable(columns.Synapses()) : SynapseTable.Empty;
            var neurons = columns.Neurons();
            var labels = columns.Labels();
            if (check != ConnectomeCheck.Headers)
                map.Check(entry => check == ConnectomeCheck.All || !(entry.Name.StartsWith("synapses.", StringComparison.Ordinal) || entry.Name == "contacts.rows"));
            var ids = Array.ConvertAll(neurons, n => n.Id);
            columns.CheckStructure(edges, ids);
            return new Connectome(neurons, new IdIndex(ids), synapses, edges, map) { Labels = labels, Provenance = document.Provenance };
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    private static ConnectomeDocument ReadDocument(string directory)
    {
        var path = Path.Combine(directory, ConnectomeDocument.File);
        if (!File.Exists(path))
            throw new DirectoryNotFoundException($"'{directory}' holds no stored connectome ({ConnectomeDocument.File}); nothing was opened.");
        try
        {
            var document = GraphJson.Read<ConnectomeDocument>(File.ReadAllText(path));
            if (document.FormatName != ConnectomeDocument.Format || document.FormatVersion != ConnectomeDocument.Version)
                throw new InvalidDataException(
                    $"{path} is of the format '{document.FormatName}', version {document.FormatVersion}; this program reads " +
                    $"'{ConnectomeDocument.Format}', version {ConnectomeDocument.Version}. Nothing was opened.");
            return document;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is damaged: {e.Message} Nothing was opened.", e);
        }
    }
}
