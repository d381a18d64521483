using Connecto.BrainNetworks;
using Connecto.Sparse;

namespace Connecto.Cli;

/// <summary>What can be planned: a network on planes, or matrices by name.</summary>
/// <param name="Network">The network; null for matrices.</param>
/// <param name="Matrices">The matrices, in the order of a run; empty for a network.</param>
internal sealed record PlanSource(NetworkModel? Network, IReadOnlyList<(string Name, CsrMatrix Weights)> Matrices)
{
    /// <summary>Reads a folder with a network or a brain network, a SciPy .npz, or a .safetensors file.</summary>
    /// <exception cref="InvalidDataException">It is none of these; the message says what was found.</exception>
    public static PlanSource Read(string model)
    {
        var path = Directory.Exists(model) || File.Exists(model) ? Path.GetFullPath(model) : Models.Resolve(model);
        if (File.Exists(path))
            return Path.GetExtension(path) switch
            {
                ".npz" => new(null, [(Path.GetFileNameWithoutExtension(path), NpzReader.Read(path))]),
                ".safetensors" => new(null, Tensors(path)),
                var other => throw new InvalidDataException(
                    $"'{model}' ends in '{other}'; a folder with network.json, a .npz or a .safetensors file can be planned."),
            };
        var json = Path.Combine(path, "network.json");
        if (!File.Exists(json))
            throw new InvalidDataException($"'{model}' has no network.json, so it holds no network; nothing was planned.");
        if (File.ReadAllText(json).Contains("\"connecto-network\"", StringComparison.Ordinal)) return new(NetworkModel.Load(path), []);
        return new(null, [.. BrainNetworkFiles.Load(path).Layers.Select(layer => (layer.Name, layer.Weights))]);
    }

    /// <summary>Every tensor of floats with two axes or more is a matrix of its first axis times all others.</summary>
    private static List<(string, CsrMatrix)> Tensors(string path)
    {
        List<(string, CsrMatrix)> matrices = [];
        foreach (var (name, entry) in SafetensorsFile.Read(path).Entries.OrderBy(e => e.Key, StringComparer.Ordinal))
            if (entry is { Type: "F32", Shape.Length: >= 2, Count: > 0 })
            {
                var rows = checked((int)entry.Shape[0]);
                matrices.Add((name, CsrMatrix.FromDense(entry.To<float>(), rows, entry.Count / rows)));
            }
        return matrices.Count > 0 ? matrices
            : throw new InvalidDataException($"'{path}' has no tensor of floats (F32) with two axes or more; nothing was planned.");
    }
}
