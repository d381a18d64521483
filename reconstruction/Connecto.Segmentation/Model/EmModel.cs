using Connecto.Sparse;

namespace Connecto.Segmentation.Model;

/// <summary>A trained network that reads electron-microscopy sections, with all that is needed to apply it.</summary>
/// <remarks>A folder: model.json (<see cref="EmModelInfo"/>), network.json (graph), network.safetensors (weights) and,
/// where it was quantised, quantization.json; the shipped ones also hold README.md, a card with data, licence, command and scores.
/// A folder synapses inside it may hold a second model, a companion: see <see cref="Synapses"/>. Immutable.</remarks>
public sealed class EmModel
{
    /// <summary>Joins a network and its description.</summary>
    /// <param name="info">How to use the network.</param>
    /// <param name="network">The network.</param>
    /// <param name="quantization">How it becomes bytes; null for a model that runs in floats only.</param>
    /// <exception cref="InvalidDataException">The network's channels are not the description's, or the quantisation is of
    /// another network.</exception>
    public EmModel(EmModelInfo info, NetworkModel network, NetworkQuantization? quantization = null)
    {
        quantization?.Check(network);
        if (network.Inputs != info.Sections || network.Outputs != info.Outputs.Length)
            throw new InvalidDataException(
                $"The network of model '{info.Name}' has {network.Inputs} inputs and {network.Outputs} outputs; its "
                + $"model.json says {info.Sections} sections and {info.Outputs.Length} outputs. Nothing was predicted.");
        (Info, Network, Quantization) = (info, network, quantization);
    }

    /// <summary>How to use the network.</summary>
    public EmModelInfo Info { get; }

    /// <summary>The graph and its weights.</summary>
    public NetworkModel Network { get; }

    /// <summary>How the network becomes bytes; null where it runs in floats only.</summary>
    public NetworkQuantization? Quantization { get; }

    /// <summary>The folder, inside a model's, of its companion.</summary>
    public const string SynapsesFolder = "synapses";

    /// <summary>The companion that predicts clefts and presynaptic sides; null where the model does so itself.</summary>
    /// <remarks>A synapse is known by what lies around it (vesicles, bars, densities), a membrane by its place to the pixel. So
    /// a companion sees farther at coarser pixels, at a few thousand multiply-adds a voxel, and learns from other patches.</remarks>
    public EmModel? Synapses { get; init; }

    /// <summary>The model without its companion.</summary>
    public EmModel Alone => Synapses is null ? this : new(Info, Network, Quantization);

    /// <summary>The files that decide what a model's folder predicts, its companion's included.</summary>
    public static IEnumerable<string> FilesOf(string directory) =>
        ((string[])[directory, Path.Combine(directory, SynapsesFolder)]).Where(Directory.Exists).SelectMany(folder =>
            Directory.GetFiles(folder, "*.json").Concat(Directory.GetFiles(folder, "*.safetensors")).Order(StringComparer.Ordinal));

    /// <summary>Reads a model's folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder (or file) is not a model; one sentence says why.</exception>
    public static EmModel Load(string directory)
    {
        if (File.Exists(directory))
            throw new InvalidDataException(
                $"{directory} is a file; a model is a folder with model.json, network.json and network.safetensors. "
                + "Nothing was predicted.");
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no model folder {directory}. Nothing was predicted.");
        foreach (var name in (string[])["model.json", "network.json", "network.safetensors"])
            if (!File.Exists(Path.Combine(directory, name)))
                throw new InvalidDataException(
                    $"{directory} is not a model: it has no {name}; a model is a folder with model.json, network.json "
                    + "and network.safetensors. Nothing was predicted.");
        var info = EmModelInfo.Load(Path.Combine(directory, "model.json"));
        var companion = Path.Combine(directory, SynapsesFolder);
        return new EmModel(info, NetworkModel.Load(directory),
            NetworkQuantization.ExistsIn(directory) ? NetworkQuantization.Load(directory) : null)
        {
            Synapses = Directory.Exists(companion) ? LoadCompanion(companion, info) : null,
        };
    }

    private static EmModel LoadCompanion(string directory, EmModelInfo of)
    {
        var model = Load(directory);
        if (model.Info.Contrast != of.Contrast || !model.Info.Outputs.SequenceEqual(of.Outputs))
            throw new InvalidDataException(
                $"The companion {directory} was trained for another contrast or other outputs than model '{of.Name}', and both read the "
                + "same images. Nothing was predicted.");
        return model;
    }

    /// <summary>Writes the folder, each file under a temporary name first; model.json comes last, so a folder that has
    /// it is whole.</summary>
    public void Save(string directory)
    {
        Directory.CreateDirectory(directory);
        Network.Save(directory);
        if (Quantization is null) File.Delete(Path.Combine(directory, NetworkQuantization.FileName));
        else Quantization.Save(directory);
        Info.Save(Path.Combine(directory, "model.json"));
    }

    /// <summary>Writes another description over a folder's, which is replaced whole.</summary>
    /// <exception cref="InvalidDataException">The folder holds no model; nothing was changed.</exception>
    public static void Describe(string directory, EmModelInfo info)
    {
        var path = Path.Combine(directory, "model.json");
        if (!File.Exists(path)) throw new InvalidDataException($"{directory} is not a model: it has no model.json. Nothing was changed.");
        info.Save(path);
    }
}
