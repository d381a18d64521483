using System.Text.Json;
using System.Text.Json.Serialization;

namespace Connecto.Sparse.ByteNetworks;

/// <summary>Reads and writes quantization.json.</summary>
internal static class QuantizationFile
{
    private const string Format = "connecto-quantization";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
        NewLine = "\n",
    };

    public static NetworkQuantization Load(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path} is missing: the model was not quantised. Nothing was loaded.", path);
        try
        {
            var document = JsonSerializer.Deserialize<Document>(File.ReadAllText(path), Json) ?? throw Bad("it holds null");
            if (document.Format != Format) throw Bad($"its format is '{document.Format}', not '{Format}'");
            if (document.Version != 1) throw Bad($"its version is {document.Version}; this program reads version 1");
            if (document.Steps is null) throw Bad("it has no steps");
            return new NetworkQuantization(document.Input, document.Steps);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"{path} is not a network's quantisation: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Nothing was loaded.", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: {e.Message}", e);
        }
    }

    public static void Save(NetworkQuantization quantization, string path) => FileReplacement.Write(path, stream =>
    {
        JsonSerializer.Serialize(
            stream, new Document(Format, 1, quantization.Input, new(quantization.Steps.ToDictionary(), StringComparer.Ordinal)), Json);
        stream.WriteByte((byte)'\n');
    });

    public static InvalidDataException Bad(string what) =>
        new($"The quantisation cannot be used: {what}. Quantise the model again; nothing was run.");

    [method: JsonConstructor]
    private sealed record Document(
        [property: JsonRequired] string Format, [property: JsonRequired] int Version, [property: JsonRequired] PixelScale Input,
        [property: JsonRequired] SortedDictionary<string, double> Steps);
}
