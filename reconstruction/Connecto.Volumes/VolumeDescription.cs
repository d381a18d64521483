using System.Text.Json;

namespace Connecto.Volumes;

/// <summary>What pictures cannot say about a volume: the sidecar file <c>volume.json</c>.</summary>
/// <param name="VoxelSize">Edge lengths of a voxel.</param>
/// <remarks>The file is <c>{"voxelSize": [z, y, x]}</c> in nm; other members are passed over. It lies in the folder of
/// the slices (or beside the one file that holds them), or in that folder's parent, where it describes every stack
/// under it.</remarks>
public sealed record VolumeDescription(VoxelSize VoxelSize)
{
    /// <summary>The sidecar's name.</summary>
    public const string FileName = "volume.json";

    /// <summary>Reads the sidecar that belongs to a folder of slices or a file; null where there is none.</summary>
    /// <exception cref="InvalidDataException">A sidecar is there and is not one; the message names it.</exception>
    public static VolumeDescription? Find(string path)
    {
        var folder = Directory.Exists(path) ? Path.GetFullPath(path) : Path.GetDirectoryName(Path.GetFullPath(path));
        foreach (var place in new[] { folder, Path.GetDirectoryName(folder) })
            if (place is not null && Path.Combine(place, FileName) is var file && File.Exists(file))
                return Read(file);
        return null;
    }

    /// <summary>Reads a sidecar.</summary>
    /// <exception cref="InvalidDataException">Not JSON, or without three positive voxel lengths.</exception>
    public static VolumeDescription Read(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("voxelSize", out var size) && size.ValueKind == JsonValueKind.Array
                && size.GetArrayLength() == 3
                && size.EnumerateArray().All(length => length.ValueKind == JsonValueKind.Number
                && double.IsFinite(length.GetDouble()) && length.GetDouble() > 0))
                return new VolumeDescription(new VoxelSize(size[0].GetDouble(), size[1].GetDouble(), size[2].GetDouble()));
        }
        catch (JsonException)
        {
            // Said below, in the same words as any other sidecar that is not one.
        }
        throw new InvalidDataException(
            $"{file} does not describe a volume; {{\"voxelSize\": [z, y, x]}} with three positive lengths in nm was "
            + "expected. Nothing was written.");
    }

    /// <summary>Writes the sidecar into a folder, under a temporary name first.</summary>
    public void Write(string folder) =>
        AtomicFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, double[]> { ["voxelSize"] = [VoxelSize.Z, VoxelSize.Y, VoxelSize.X] }));
}
