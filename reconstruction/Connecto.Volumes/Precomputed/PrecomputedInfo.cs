// The info file of a volume: https://github.com/google/neuroglancer, src/datasource/precomputed/volume.md. It is x, y,
// z inside and turned round here, once. Members that Connecto does not know (mesh, skeletons, segment_properties) are
// kept.
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Connecto.Volumes.Precomputed;

internal sealed class PrecomputedInfo
{
    private const string TypeName = "neuroglancer_multiscale_volume";

    private readonly JsonObject root;

    private PrecomputedInfo(string directory, JsonObject root, PrecomputedKind kind, string dataType, int channels,
        IReadOnlyList<PrecomputedScale> scales)
    {
        (Directory, this.root, Kind, DataType, Channels, Scales) = (directory, root, kind, dataType, channels, scales);
    }

    public string Directory { get; }

    public PrecomputedKind Kind { get; }

    /// <summary>uint8, uint16, uint32, uint64 or float32.</summary>
    public string DataType { get; }

    public int Channels { get; }

    public IReadOnlyList<PrecomputedScale> Scales { get; }

    public static string PathOf(string directory) => Path.Combine(directory, "info");

    /// <summary>A description of one scale, not yet on disk.</summary>
    public static PrecomputedInfo New(string directory, PrecomputedKind kind, string dataType, int channels, PrecomputedScale scale)
    {
        var root = new JsonObject
        {
            ["@type"] = TypeName,
            ["type"] = kind == PrecomputedKind.Image ? "image" : "segmentation",
            ["data_type"] = dataType,
            ["num_channels"] = channels,
            ["scales"] = new JsonArray(ToJson(scale)),
        };
        return new PrecomputedInfo(directory, root, kind, dataType, channels, [scale]);
    }

    /// <summary>The same volume with other scales; unknown members stay, those of a kept scale too.</summary>
    public PrecomputedInfo WithScales(IReadOnlyList<PrecomputedScale> scales)
    {
        var copy = root.DeepClone().AsObject();
        var old = root["scales"]!.AsArray();
        copy["scales"] = new JsonArray([.. scales.Select((scale, i) =>
            i < Scales.Count && Scales[i] == scale ? old[i]!.DeepClone() : ToJson(scale))]);
        return new PrecomputedInfo(Directory, copy, Kind, DataType, Channels, scales);
    }

    public void Write() => AtomicFile.Write(PathOf(Directory), stream =>
    {
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true })) root.WriteTo(writer);
        stream.Flush(flushToDisk: true);
    });

    public static PrecomputedInfo Read(string directory)
    {
        var path = PathOf(directory);
        if (!System.IO.Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no folder {directory}; a precomputed volume was expected.");
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"{directory} holds no info file; a precomputed volume was expected.", path);
        try
        {
            var root = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
            if (root["@type"] is { } type && type.GetValue<string>() != TypeName)
                throw Bad(path, $"\"@type\" is {type.ToJsonString()}");
            var kind = root["type"]!.GetValue<string>() switch
            {
                "image" => PrecomputedKind.Image,
                "segmentation" => PrecomputedKind.Segmentation,
                var other => throw Bad(path, $"\"type\" is \"{other}\""),
            };
            var dataType = root["data_type"]!.GetValue<string>().ToLowerInvariant();
            var channels = root["num_channels"]!.GetValue<int>();
            if (channels < 1) throw Bad(path, $"\"num_channels\" is {channels}");
            var scales =
                root["scales"]!.AsArray().Select(node => ReadScale(path, node!.AsObject(), dataType)).ToArray();
            if (scales.Length == 0) throw Bad(path, "\"scales\" is empty");
            return new PrecomputedInfo(directory, root, kind, dataType, channels, scales);
        }
        catch (Exception error) when (error is JsonException or NullReferenceException or FormatException or InvalidOperationException)
        {
            throw Bad(path, "a member is missing or of another type");
        }
    }

    private static PrecomputedScale ReadScale(string path, JsonObject scale, string dataType)
    {
        var key = scale["key"]!.GetValue<string>();
        if (scale["sharding"] is not null) throw Bad(path, $"scale {key} is sharded");
        var encoding = scale["encoding"]!.GetValue<string>().ToLowerInvariant() switch
        {
            "raw" => PrecomputedEncoding.Raw,
            "compressed_segmentation" when dataType is "uint32" or "uint64" => PrecomputedEncoding.CompressedSegmentation,
            var other => throw Bad(path, $"scale {key} of {dataType} has the encoding \"{other}\""),
        };
        var size = Doubles(scale["resolution"]!);
        if (!size.All(length => length > 0 && double.IsFinite(length)))
            throw Bad(path, $"scale {key} has a resolution that is not positive");
        var result = new PrecomputedScale
        {
            Key = key,
            Shape = Index(scale["size"]!),
            VoxelSize = new VoxelSize(size[2], size[1], size[0]),
            Chunk = Index(scale["chunk_sizes"]!.AsArray()[0]!),
            Offset = scale["voxel_offset"] is { } offset ? Index(offset) : default,
            Encoding = encoding,
            Block = encoding == PrecomputedEncoding.Raw ? new(8, 8, 8) : Index(scale["compressed_segmentation_block_size"]!),
        };
        foreach (var extent in new[] { result.Shape, result.Chunk, result.Block })
            if (extent.Z < 1 || extent.Y < 1 || extent.X < 1)
                throw Bad(path, $"scale {key} has a length that is not positive");
        return result;
    }

    private static JsonObject ToJson(PrecomputedScale scale)
    {
        var json = new JsonObject
        {
            ["key"] = scale.Key,
            ["size"] = Array(scale.Shape),
            ["resolution"] = new JsonArray(scale.VoxelSize.X, scale.VoxelSize.Y, scale.VoxelSize.Z),
            ["voxel_offset"] = Array(scale.Offset),
            ["chunk_sizes"] = new JsonArray(Array(scale.Chunk)),
            ["encoding"] = scale.Encoding == PrecomputedEncoding.Raw ? "raw" : "compressed_segmentation",
        };
        if (scale.Encoding == PrecomputedEncoding.CompressedSegmentation)
            json["compressed_segmentation_block_size"] = Array(scale.Block);
        return json;
    }

    private static JsonArray Array(Index3 index) => new(index.X, index.Y, index.Z);

    private static Index3 Index(JsonNode node) => node.AsArray() is [{ } x, { } y, { } z]
        ? new Index3(z.GetValue<int>(), y.GetValue<int>(), x.GetValue<int>())
        : throw new FormatException();

    private static double[] Doubles(JsonNode node) => node.AsArray() is [{ } x, { } y, { } z]
        ? [x.GetValue<double>(), y.GetValue<double>(), z.GetValue<double>()]
        : throw new FormatException();

    private static InvalidDataException Bad(string path, string found) =>
        new($"{path}: {found}; an unsharded Neuroglancer volume, raw or compressed_segmentation, was expected. Nothing was written.");
}
