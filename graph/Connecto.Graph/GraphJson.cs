using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Connecto.Graph;

/// <summary>How the records of graph results become JSON: camelCase, indented, enums by name, and every 64-bit id a
/// string, because ids pass 2^53.</summary>
public static class GraphJson
{
    /// <summary>The settings; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Make();

    /// <summary>A record as JSON text.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>A record back from JSON text.</summary>
    /// <exception cref="JsonException">The text is not JSON, or not of that record.</exception>
    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("The JSON text is null.");

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new IdConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private sealed class IdConverter : JsonConverter<ulong>
    {
        public override ulong Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
            && ulong.TryParse(reader.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? id
                : throw new JsonException("An id must be a string of decimal digits.");

        public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
    }
}
