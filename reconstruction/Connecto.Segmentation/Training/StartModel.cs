using System.Security.Cryptography;
using Connecto.Segmentation.Model;
using Connecto.Sparse;

namespace Connecto.Segmentation.Training;

/// <summary>The model that a training begins with, told apart from others by its content, not by its place.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sha256">Of its graph and weights, in hexadecimal.</param>
public sealed record StartModel(string Name, string Sha256)
{
    /// <summary>The model in a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It is no model.</exception>
    public static StartModel Of(string directory)
    {
        var model = EmModel.Load(directory);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in (string[])["network.json", "network.safetensors"])
            hash.AppendData(File.ReadAllBytes(Path.Combine(directory, file)));
        return new(model.Info.Name, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Reads the model that a configuration begins with; null where it begins with random weights.</summary>
    /// <remarks>Its weights come into the graph of today's architecture. An older model's graph lacks the Relu behind its
    /// narrow convolutions, without which planes cannot be unsigned bytes; some hundred steps make up for it.</remarks>
    /// <exception cref="InvalidDataException">The folder is missing, superfluous, or holds another model.</exception>
    internal static EmModel? Load(TrainingConfig config, string? directory)
    {
        if (config.Start is null && directory is null) return null;
        if (directory is null)
            throw new InvalidDataException(
                $"The configuration '{config.Name}' begins with the model '{config.Start!.Name}'; name its folder. Nothing was trained.");
        if (Of(directory) != config.Start)
            throw new InvalidDataException(
                $"{directory} is not the model that the configuration '{config.Name}' begins with "
                + $"({config.Start?.Name ?? "it begins with random weights"}). Nothing was trained.");
        var model = EmModel.Load(directory);
        var built = EmArchitecture.Build(config.Sections, config.Widths, seed: 1);
        if (!Shapes(model.Network).SequenceEqual(Shapes(built)))
            throw new InvalidDataException(
                $"{directory} is not a network of {config.Sections} sections and the widths {string.Join("-", config.Widths)} that the "
                + $"configuration '{config.Name}' asks for. Nothing was trained.");
        return new(model.Info, built.With(model.Network.Tensors.Values));
    }

    private static IEnumerable<string> Shapes(NetworkModel network) =>
        network.Tensors.Values.Select(t => $"{t.Name} {string.Join('x', t.Shape.ToArray())}").Order(StringComparer.Ordinal);
}
