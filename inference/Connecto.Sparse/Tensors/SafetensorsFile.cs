using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Connecto.Sparse;

/// <summary>A safetensors file: named arrays and a table of text, little endian, no code in it.</summary>
/// <remarks>
/// The format (huggingface/safetensors, README "Format"): 8 bytes header length, a JSON header that gives every
/// tensor's dtype, shape and data_offsets, then the data without holes. Written with the header padded to 8 bytes and
/// wide types first, so that every array is aligned in a mapped file. Read whole into memory; BF16 and 8-bit floats
/// are refused.
/// </remarks>
public sealed class SafetensorsFile
{
    private const long MostHeaderBytes = 100_000_000;
    private readonly Dictionary<string, SafetensorsEntry> entries;

    private SafetensorsFile(
        string path, Dictionary<string, SafetensorsEntry> entries, Dictionary<string, string> metadata) =>
        (Path, this.entries, Metadata) = (path, entries, metadata);

    /// <summary>Where it was read.</summary>
    public string Path { get; }

    /// <summary>The text table ("__metadata__"); empty where the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>All arrays by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries => entries;

    /// <summary>The array of that name.</summary>
    /// <exception cref="InvalidDataException">The file has none.</exception>
    public SafetensorsEntry this[string name] => entries.TryGetValue(name, out var entry) ? entry : throw new InvalidDataException(
        $"{Path} holds no tensor '{name}'; it holds {entries.Count} others. Nothing was changed.");

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not safetensors, is cut short, or has a type that is not
    /// supported.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var (header, dataStart) = ReadHeader(path, stream);
        using (header)
        {
            Dictionary<string, string> metadata = [];
            List<Place> places = [];
            try
            {
                foreach (var property in header.RootElement.EnumerateObject())
                    if (property.Name == "__metadata__") ReadMetadata(path, property.Value, metadata);
                    else places.Add(ReadPlace(path, property));
            }
            catch (InvalidOperationException)
            {
                throw Broken(path, "its header has a name that is not text");
            }
            CheckPlaces(path, places, stream.Length - dataStart);
            Dictionary<string, SafetensorsEntry> entries = [];
            foreach (var place in places)
            {
                var entry = SafetensorsEntry.Allocate(place.Name, place.Type, place.Shape, place.Count);
                if (!entries.TryAdd(place.Name, entry)) throw Broken(path, $"tensor '{place.Name}' is listed twice");
                for (long at = 0, total = (long)entry.Count * entry.ElementSize; at < total;)
                {
                    var piece = entry.Piece(at);
                    stream.ReadExactly(piece);
                    at += piece.Length;
                }
            }
            return new SafetensorsFile(path, entries, metadata);
        }
    }

    /// <summary>Writes a file under a temporary name, flushes it to disk and renames it.</summary>
    /// <exception cref="ArgumentException">Two entries share a name.</exception>
    public static void Write(
        string path, IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = entries.OrderByDescending(e => e.ElementSize).ThenBy(e => e.Name, StringComparer.Ordinal).ToList();
        if (ordered.Select(e => e.Name).Distinct().Count() != ordered.Count)
            throw new ArgumentException("Two tensors share a name.", nameof(entries));
        FileReplacement.Write(path, stream =>
        {
            stream.Write(Header(ordered, metadata));
            foreach (var entry in ordered)
                for (long at = 0, total = (long)entry.Count * entry.ElementSize; at < total;)
                {
                    var piece = entry.Piece(at);
                    stream.Write(piece);
                    at += piece.Length;
                }
        });
    }

    private static byte[] Header(List<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(p => p.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (var entry in entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type);
                json.WriteStartArray("shape");
                foreach (var length in entry.Shape) json.WriteNumberValue(length);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += (long)entry.Count * entry.ElementSize);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        var bytes = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - 8);
        return bytes;
    }

    private static (JsonDocument Header, long DataStart) ReadHeader(string path, FileStream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.ReadAtLeast(prefix, 8, throwOnEndOfStream: false) < 8)
            throw Broken(path, $"it has {stream.Length} bytes, fewer than 8");
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length < 2 || length > MostHeaderBytes || length > stream.Length - 8)
            throw Broken(path, $"its header claims {length} bytes in a file of {stream.Length}");
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            throw Broken(path, "its header is not JSON");
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object) return (document, 8 + length);
        document.Dispose();
        throw Broken(path, "its header is not a JSON object");
    }

    private static void ReadMetadata(string path, JsonElement element, Dictionary<string, string> into)
    {
        if (element.ValueKind != JsonValueKind.Object) throw Broken(path, "__metadata__ is not an object");
        foreach (var pair in element.EnumerateObject())
            into[pair.Name] = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : throw Broken(
                path, $"__metadata__ '{pair.Name}' is not text");
    }

    private static Place ReadPlace(string path, JsonProperty property)
    {
        var name = property.Name;
        if (property.Value.ValueKind != JsonValueKind.Object
            || !property.Value.TryGetProperty("dtype", out var type) || type.ValueKind != JsonValueKind.String
            || !property.Value.TryGetProperty("shape", out var shapeElement) || !TryNumbers(shapeElement, out var shape)
            || !property.Value.TryGetProperty("data_offsets", out var offsetsElement) || !TryNumbers(offsetsElement, out var offsets)
            || offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0])
            throw Broken(path, $"tensor '{name}' lacks a valid dtype, shape or data_offsets");
        var code = type.GetString()!;
        var size = SafetensorsEntry.SizeOf(code);
        if (size == 0) throw Broken(path, $"tensor '{name}' has the type {code}, which is not supported");
        Int128 count = 1;
        foreach (var length in shape)
        {
            count *= length;
            if (length < 0 || count > Array.MaxLength) throw Broken(path, $"tensor '{name}' is larger than one array");
        }
        if (count * size != offsets[1] - offsets[0])
            throw Broken(path, $"tensor '{name}' needs {count * size} bytes by its shape but has {offsets[1] - offsets[0]}");
        return new Place(offsets[0], offsets[1], name, code, shape, (int)count);
    }

    private static bool TryNumbers(JsonElement element, out long[] numbers)
    {
        numbers = [];
        if (element.ValueKind != JsonValueKind.Array) return false;
        numbers = new long[element.GetArrayLength()];
        var i = 0;
        foreach (var item in element.EnumerateArray())
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[i++])) return false;
        return true;
    }

    /// <summary>Sorts the places by offset, and demands that they fill the data without holes or overlaps.</summary>
    private static void CheckPlaces(string path, List<Place> places, long dataBytes)
    {
        places.Sort((a, b) => (a.Begin, a.End).CompareTo((b.Begin, b.End)));
        long end = 0;
        foreach (var place in places)
        {
            if (place.Begin != end)
                throw Broken(path, $"tensor '{place.Name}' begins at byte {place.Begin} of the data, not at {end}");
            end = place.End;
        }
        if (end != dataBytes) throw Broken(path, $"its tensors fill {end} bytes but {dataBytes} follow the header");
    }

    private sealed record Place(long Begin, long End, string Name, string Type, long[] Shape, int Count);

    private static InvalidDataException Broken(string path, string what) => new(
        $"{path} is not a whole safetensors file: {what}. Restore it from its source; nothing was changed.");
}
