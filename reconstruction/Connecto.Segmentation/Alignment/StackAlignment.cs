using System.Text.Json;

namespace Connecto.Segmentation.Alignment;

/// <summary>How the sections of a stack lie over each other: one displacement field from each section to the one below.</summary>
/// <remarks>Nothing is resampled: volumes keep the frame of their images, and whoever goes from section to section (a
/// network's input, an affinity across z, a region graph) goes along the fields. Immutable and safe from many threads.</remarks>
public sealed class StackAlignment
{
    /// <summary>Edge of the cells that are displaced as one, pixels.</summary>
    public const int CellPixels = 8;

    private const string FormatName = "connecto-alignment";

    private readonly SectionField?[] _fields;

    /// <summary>Takes the fields over.</summary>
    /// <param name="fields">Entry z leads from section z to section z - 1; null where they lie as they are, as entry 0
    /// must.</param>
    /// <exception cref="ArgumentException">Entry 0 is not null, or fields have different sections.</exception>
    public StackAlignment(SectionField?[] fields)
    {
        if (fields.Length > 0 && fields[0] is not null) throw new ArgumentException("There is no section below section 0.");
        var any = fields.FirstOrDefault(f => f is not null);
        if (any is not null && fields.Any(f => f is not null && (f.Height, f.Width) != (any.Height, any.Width)))
            throw new ArgumentException("The fields of a stack must be of sections of one size.");
        _fields = fields;
        Reach = fields.DefaultIfEmpty().Max(f => f is null ? 0 : (int)MathF.Ceiling(f.Largest) + 1);
    }

    /// <summary>A stack whose sections lie as they are.</summary>
    public static StackAlignment None(int sections) => new(new SectionField?[sections]);

    /// <summary>Number of sections.</summary>
    public int Sections => _fields.Length;

    /// <summary>True when every section lies as it is.</summary>
    public bool IsIdentity => Reach == 0;

    /// <summary>The farthest, in whole pixels and along either axis, that a pixel may lie from its place in the section
    /// below; 0 when all lie as they are.</summary>
    public int Reach { get; }

    /// <summary>The field from a section to the one below; null where they lie as they are.</summary>
    public SectionField? Below(int z) => _fields[z];

    /// <summary>Where a place of one section lies in another of the stack.</summary>
    /// <param name="from">The section.</param>
    /// <param name="to">The other section; the way there goes from neighbour to neighbour.</param>
    /// <param name="y">Row, pixels; may lie outside.</param>
    /// <param name="x">Column, pixels.</param>
    public (float Y, float X) Map(int from, int to, float y, float x)
    {
        for (var z = from; z > to; z--)
            if (_fields[z] is { } field)
            {
                var (dy, dx) = field.At(y, x);
                (y, x) = (y + dy, x + dx);
            }
        for (var z = from + 1; z <= to; z++)
            if (_fields[z] is { } field)
                (y, x) = field.Above(y, x);
        return (y, x);
    }

    /// <summary>The whole pixels by which a pixel of one section is displaced in another.</summary>
    /// <remarks>One displacement a cell of <see cref="CellPixels"/> squared, that of its middle: everything that goes from
    /// section to section goes exactly the same way, and rows of a cell move as one run.</remarks>
    public (int Y, int X) Shift(int from, int to, float y, float x)
    {
        const float Middle = (CellPixels - 1) / 2f;
        y = MathF.Floor(y / CellPixels) * CellPixels + Middle;
        x = MathF.Floor(x / CellPixels) * CellPixels + Middle;
        var (atY, atX) = Map(from, to, y, x);
        return ((int)MathF.Floor(atY - y + 0.5f), (int)MathF.Floor(atX - x + 0.5f));
    }

    /// <summary>Writes the fields as JSON, under a temporary name first.</summary>
    public void Save(string path)
    {
        var file = new AlignmentFile(FormatName, 1, Sections,
            [.. _fields.Index().Where(f => f.Item is not null).Select(f => new FieldEntry(
                f.Index, f.Item!.Height, f.Item.Width, f.Item.Rows, f.Item.Columns, f.Item.Y.ToArray(), f.Item.X.ToArray()))]);
        File.WriteAllText(path + ".tmp", JsonSerializer.Serialize(file, JsonSerializerOptions.Web) + "\n");
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not an alignment; the message says why.</exception>
    public static StackAlignment Load(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize<AlignmentFile>(File.ReadAllText(path), JsonSerializerOptions.Web);
            if (file is not { Format: FormatName, Version: 1, Sections: >= 0, Fields: not null })
                throw new InvalidDataException($"{path} is not an alignment of a stack (format {FormatName}, version 1).");
            var fields = new SectionField?[file.Sections];
            foreach (var f in file.Fields)
            {
                if (f.Z < 1 || f.Z >= fields.Length)
                    throw new InvalidDataException($"{path} has a field for section {f.Z} of {fields.Length}.");
                fields[f.Z] = new SectionField(f.Height, f.Width, f.Rows, f.Columns, f.Y, f.X);
            }
            return new StackAlignment(fields);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path} is not an alignment of a stack: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private sealed record AlignmentFile(string Format, int Version, int Sections, FieldEntry[] Fields);

    private sealed record FieldEntry(int Z, int Height, int Width, int Rows, int Columns, float[] Y, float[] X);
}
