using System.Text.Json;
using Connecto.Graph;
using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>A network on disk, a folder of its own: network.json (recipe, neuron ids, layers, facts), network.safetensors,
/// and one SciPy .npz a layer.</summary>
/// <remarks>The tensors of a layer L are L.row_starts, L.column_indices (I32), L.values (F32), L.synapse_starts (I32) and
/// L.synapse_ids (U64): the synapses of weight i are synapse_ids[synapse_starts[i] .. synapse_starts[i + 1]].</remarks>
public static class BrainNetworkFiles
{
    /// <summary>Writes a network into a folder beside the old one, then puts it in its place; what else the old folder held,
    /// such as the rates of a run, belonged to the old network and goes with it.</summary>
    /// <param name="network">What to write.</param>
    /// <param name="folder">The network's folder.</param>
    /// <exception cref="IOException">It cannot be written; the old network is as it was.</exception>
    /// <remarks>Ended between the two renames, it leaves no network, and the old one under the folder's name and ".old.tmp".</remarks>
    public static void Save(BrainNetwork network, string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string fresh = folder + ".new.tmp", old = folder + ".old.tmp";
        Remove(fresh);
        Directory.CreateDirectory(fresh);
        SafetensorsFile.Write(Path.Combine(fresh, "network.safetensors"), network.Layers.SelectMany(Tensors));
        foreach (var layer in network.Layers)
            Write(Path.Combine(fresh, Npz(layer)), stream => NpzMatrix.Write(stream, layer.Weights));
        Write(Path.Combine(fresh, "network.json"), stream =>
            JsonSerializer.Serialize(stream, Document(network), GraphJson.Options));
        Remove(old);
        if (Directory.Exists(folder)) Directory.Move(folder, old);
        Directory.Move(fresh, folder);
        Remove(old);
    }

    /// <summary>Reads a network back, bit for bit.</summary>
    /// <param name="folder">The network's folder.</param>
    /// <exception cref="FileNotFoundException">A file is missing; the message names it.</exception>
    /// <exception cref="InvalidDataException">A file is not what <see cref="Save"/> writes, or the two do not fit.</exception>
    public static BrainNetwork Load(string folder)
    {
        var json = Require(Path.Combine(folder, "network.json"));
        var tensors = SafetensorsFile.Read(Require(Path.Combine(folder, "network.safetensors")));
        try
        {
            var document = GraphJson.Read<NetworkDocument>(File.ReadAllText(json));
            if (document.Format != NetworkDocument.KnownFormat || document.Version != NetworkDocument.KnownVersion)
                throw new InvalidDataException(
                    $"{json} has the format {document.Format} {document.Version}; " +
                    $"{NetworkDocument.KnownFormat} {NetworkDocument.KnownVersion} was expected.");
            var layers = document.Layers.Select(layer => Layer(layer, tensors)).ToArray();
            if (layers.Any(layer => (long)layer.FirstRow + layer.Weights.Rows > document.Neurons.Count))
                throw new InvalidDataException($"{json} lists {document.Neurons.Count} neurons, fewer than its layers have.");
            return new BrainNetwork(document.Recipe, [.. document.Neurons], layers, document.Facts);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The network in {folder} is damaged: {e.Message}", e);
        }
    }

    private static IEnumerable<SafetensorsEntry> Tensors(NetworkLayer layer) =>
    [
        SafetensorsEntry.Of($"{layer.Name}.row_starts", layer.Weights.RowStarts.ToArray()),
        SafetensorsEntry.Of($"{layer.Name}.column_indices", layer.Weights.ColumnIndices.ToArray()),
        SafetensorsEntry.Of($"{layer.Name}.values", layer.Weights.Values.ToArray()),
        SafetensorsEntry.Of($"{layer.Name}.synapse_starts", layer.SynapseStarts.ToArray()),
        SafetensorsEntry.Of($"{layer.Name}.synapse_ids", layer.SynapseIds.ToArray()),
    ];

    private static NetworkLayer Layer(LayerDocument layer, SafetensorsFile tensors)
    {
        var weights = new CsrMatrix(
            layer.Rows, layer.Columns, tensors[$"{layer.Name}.row_starts"].To<int>(),
            tensors[$"{layer.Name}.column_indices"].To<int>(), tensors[$"{layer.Name}.values"].To<float>());
        return new NetworkLayer(
            layer.Name, layer.FirstRow, weights,
            tensors[$"{layer.Name}.synapse_starts"].To<int>(), tensors[$"{layer.Name}.synapse_ids"].To<ulong>());
    }

    private static NetworkDocument Document(BrainNetwork network) => new()
    {
        Format = NetworkDocument.KnownFormat,
        Version = NetworkDocument.KnownVersion,
        Orientation = "row = postsynaptic, column = presynaptic",
        Recipe = network.Recipe,
        Facts = network.Facts,
        Layers =
        [
            .. network.Layers.Select(layer => new LayerDocument
            {
                Name = layer.Name,
                Rows = layer.Weights.Rows,
                Columns = layer.Weights.Columns,
                Weights = layer.Weights.NonZeros,
                FirstRow = layer.FirstRow,
                Synapses = layer.SynapseIds.Length,
                Npz = Npz(layer),
            }),
        ],
        Neurons = network.Neurons.ToArray(),
    };

    private static string Npz(NetworkLayer layer) => $"{layer.Name}.npz";

    private static string Require(string path) => File.Exists(path) ? path : throw new FileNotFoundException(
        $"There is no {path}; the network stage has not run.", path);

    private static void Write(string path, Action<Stream> write)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        write(stream);
        stream.Flush(flushToDisk: true);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
