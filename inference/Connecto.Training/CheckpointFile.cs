using System.Globalization;
using Connecto.Sparse;
using Connecto.Training.Gradients;

namespace Connecto.Training;

/// <summary>A trainer's state as a safetensors file: four arrays (five where weights fall: the mask), and the
/// step and the network's signature as text.</summary>
internal static class CheckpointFile
{
    private const string Format = "connecto-checkpoint";
    private const string NotePrefix = "note.";
    private const string MaskName = "mask";

    public static void Write(string path, ParameterMap map, Adam adam, IReadOnlyDictionary<string, string>? notes)
    {
        Dictionary<string, string> metadata = new()
        {
            ["format"] = Format,
            ["version"] = "1",
            ["step"] = adam.Steps.ToString(CultureInfo.InvariantCulture),
            ["network"] = map.Signature,
        };
        foreach (var (key, text) in notes ?? new Dictionary<string, string>()) metadata[NotePrefix + key] = text;
        var arrays = Arrays(adam).Select(a => SafetensorsEntry.Of(a.Name, a.Values));
        if (adam.Mask is { } mask) arrays = arrays.Append(SafetensorsEntry.Of(MaskName, mask.Kept));
        SafetensorsFile.Write(path, arrays, metadata);
    }

    public static IReadOnlyDictionary<string, string> Read(string path, ParameterMap map, Adam adam)
    {
        var file = SafetensorsFile.Read(path);
        var count = file.Metadata.GetValueOrDefault("step");
        if (file.Metadata.GetValueOrDefault("format") != Format || file.Metadata.GetValueOrDefault("version") != "1"
            || !long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var step))
            throw new InvalidDataException(
                $"{path} is not a training checkpoint of version 1. Name one, or start anew; nothing was changed.");
        if (file.Metadata.GetValueOrDefault("network") != map.Signature)
            throw new InvalidDataException(
                $"{path} is a checkpoint of another network: its tensors differ from this one's. Nothing was changed.");
        var masked = file.Entries.ContainsKey(MaskName);
        if (masked != (adam.Mask is not null))
            throw new InvalidDataException(
                $"{path} is a checkpoint of a training {(masked ? "with" : "without")} pruning, unlike this one. Go on with the "
                + "options that it was begun with. Nothing was changed.");
        var kept = adam.Mask is null ? [] : file[MaskName].To<byte>();
        var saved = Arrays(adam).Select(a => file[a.Name].To<float>()).ToArray();
        if (saved.Any(a => a.Length != map.Length) || (adam.Mask is not null && kept.Length != map.Length))
            throw new InvalidDataException(
                $"{path} does not hold {map.Length} values in each of its arrays. Nothing was changed.");
        foreach (var (array, values) in Arrays(adam).Zip(saved)) values.CopyTo(array.Values, 0);
        if (adam.Mask is not null) kept.CopyTo(adam.Mask.Kept, 0);
        adam.Steps = step;
        return file.Metadata.Where(p => p.Key.StartsWith(NotePrefix, StringComparison.Ordinal))
            .ToDictionary(p => p.Key[NotePrefix.Length..], p => p.Value);
    }

    private static IEnumerable<(string Name, float[] Values)> Arrays(Adam adam) =>
        [("weights", adam.Parameters), ("average", adam.Average), ("first_moment", adam.First), ("second_moment", adam.Second)];
}
