using System.Text;

namespace Connecto.Volumes.Slices;

/// <summary>One image file directory: tags and their values, read on demand.</summary>
internal sealed class TiffDirectory
{
    private readonly Dictionary<int, Field> fields = [];
    private readonly TiffSource source;

    /// <summary>Reads the entries at an offset, classic or BigTIFF.</summary>
    public TiffDirectory(TiffSource source, long offset)
    {
        this.source = source;
        var (entrySize, countSize) = source.Big ? (20, 8) : (12, 2);
        var head = source.Read(offset, (long)countSize);
        var count = source.Big ? source.UInt64(head) : source.UInt16(head);
        if (count > 65535) throw source.Bad($"claims {count} entries in a directory");
        var entries = source.Read(offset + countSize, (long)count * entrySize);
        for (var at = 0; at < entries.Length; at += entrySize)
        {
            var entry = entries.AsSpan(at, entrySize);
            var values = source.Big ? source.UInt64(entry[4..]) : source.UInt32(entry[4..]);
            var type = source.UInt16(entry[2..]);
            if (values > long.MaxValue / 16) throw source.Bad("has a field with an impossible count");
            var inline = entry[(source.Big ? 12 : 8)..].ToArray();
            fields.TryAdd(source.UInt16(entry), new Field(type, (long)values, inline));
        }
        var tail = source.Read(offset + countSize + entries.Length, source.Big ? 8L : 4L);
        Next = checked((long)(source.Big ? Math.Min(source.UInt64(tail), long.MaxValue) : source.UInt32(tail)));
    }

    private readonly record struct Field(int Type, long Count, byte[] Inline);

    /// <summary>Offset of the next directory; 0 at the end.</summary>
    public long Next { get; }

    public bool Has(int tag) => fields.ContainsKey(tag);

    /// <summary>The first number of a tag, or the default where the tag is absent.</summary>
    public long Number(int tag, long absent) => Has(tag) ? Numbers(tag) is [var first, ..] ? first : absent : absent;

    /// <summary>All numbers of a tag; none where it is absent.</summary>
    public long[] Numbers(int tag)
    {
        if (!fields.TryGetValue(tag, out var field)) return [];
        var size = field.Type switch { 1 => 1, 3 => 2, 4 or 13 => 4, 16 or 18 => 8, _ => 0 };
        if (size == 0) throw source.Bad($"has field type {field.Type} for tag {tag}");
        var bytes = Bytes(field, size);
        var numbers = new long[field.Count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = size switch
            {
                1 => bytes[i],
                2 => source.UInt16(bytes.AsSpan(2 * i)),
                4 => source.UInt32(bytes.AsSpan(4 * i)),
                _ => (long)Math.Min(source.UInt64(bytes.AsSpan(8 * i)), long.MaxValue),
            };
        return numbers;
    }

    /// <summary>The text of a tag; empty where it is absent.</summary>
    public string Text(int tag) =>
        fields.TryGetValue(tag, out var field) && field.Type == 2
            ? Encoding.Latin1.GetString(Bytes(field, 1)).TrimEnd('\0')
            : "";

    private byte[] Bytes(Field field, int size)
    {
        var length = field.Count * size;
        if (length <= field.Inline.Length) return field.Inline;
        var offset = source.Big ? source.UInt64(field.Inline) : source.UInt32(field.Inline);
        return source.Read((long)Math.Min(offset, long.MaxValue), length);
    }
}
