using System.Buffers.Text;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace Connecto.Graph;

/// <summary>Comma-, tab- or semicolon-separated text with a header (RFC 4180: quotes may hold separators, doubled quotes
/// and line breaks), plain or gzipped. It works on bytes and makes no string unless one is asked for.</summary>
internal sealed class TextTable : TableReader
{
    private readonly Stream _stream;
    private readonly byte _separator;
    private readonly List<(int Begin, int End, bool Quoted)> _fields = [];
    private byte[] _buffer = new byte[1 << 16];
    private int _begin, _end;
    private long _line, _nextLine = 1;
    private bool _ended;

    public TextTable(string path) : this(path, Open(path))
    {
    }

    /// <summary>A table without a header of its own.</summary>
    public TextTable(string path, char separator, IReadOnlyList<string> header) : base(path) =>
        (_stream, _separator, Header) = (Open(path), (byte)separator, header);

    /// <param name="name">What errors call it; ".tsv" before ".gz" makes tabs separate.</param>
    /// <param name="stream">Taken over.</param>
    public TextTable(string name, Stream stream) : base(name)
    {
        _stream = stream;
        try
        {
            if (!ReadRecord()) throw new InvalidDataException($"{name} is empty; a header was expected; nothing was imported.");
            _separator = Separator(_buffer.AsSpan(0, _end));
            (_begin, _nextLine) = (Bom(), 1);
            ReadRecord();
            Header = [.. Enumerable.Range(0, _fields.Count).Select(i => Text(i).Trim())];
            CheckHeader();
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public override long Row => _line;

    /// <summary>True where the last line read had a line break.</summary>
    public bool EndsInLineBreak { get; private set; } = true;

    public override bool Next()
    {
        do
        {
            if (!ReadRecord()) return false;
        }
        while (_fields.Count == 1 && Field(0).IsEmpty);
        if (_fields.Count != Header.Count)
            throw Bad($"has {_fields.Count} fields; the header has {Header.Count}; it may be cut short");
        return true;
    }

    public ReadOnlySpan<byte> Field(int column)
    {
        var (begin, end, _) = _fields[column];
        return _buffer.AsSpan(begin..end);
    }

    public override string Text(int column)
    {
        var text = Encoding.UTF8.GetString(Field(column));
        return _fields[column].Quoted ? text.Replace("\"\"", "\"") : text;
    }

    public override bool IsEmpty(int column) => Field(column).Trim((byte)' ').IsEmpty;

    public override ulong Id(int column)
    {
        var field = Field(column);
        return Utf8Parser.TryParse(field, out ulong id, out var used) && used == field.Length
            ? id
            : throw BadValue(column, field.IndexOfAny((byte)'.', (byte)'e', (byte)'E') >= 0
                ? "an id as a whole number (written as a float it has lost digits)"
                : "an id from 0 to 18446744073709551615");
    }

    public override double Number(int column)
    {
        var field = Field(column);
        return Utf8Parser.TryParse(field, out double value, out var used) && used == field.Length && double.IsFinite(value)
            ? value
            : throw BadValue(column, "a number");
    }

    public override long Whole(int column)
    {
        var field = Field(column);
        return Utf8Parser.TryParse(field, out long value, out var used) && used == field.Length ? value : base.Whole(column);
    }

    protected override void Dispose(bool disposing) => _stream.Dispose();

    private static Stream Open(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no table {path}; nothing was imported.", path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private int Bom() => _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8) ? 3 : 0;

    private static byte Separator(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        return line.Contains((byte)'\t') && !line.Contains((byte)',') ? (byte)'\t'
            : line.Contains((byte)';') && !line.Contains((byte)',') ? (byte)';' : (byte)',';
    }

    /// <summary>Cuts the next line, or lines where a quoted field has line breaks, into fields.</summary>
    private bool ReadRecord()
    {
        _fields.Clear();
        _line = _nextLine;
        int at = _begin, field = at;
        bool quoted = false, wasQuoted = false;
        for (; ; at++)
        {
            if (at == _end)
            {
                var moved = _begin;
                var more = Fill();
                moved -= _begin;
                (at, field) = (at - moved, field - moved);
                for (var i = 0; i < _fields.Count; i++)
                    _fields[i] = (_fields[i].Begin - moved, _fields[i].End - moved, _fields[i].Quoted);
                if (!more)
                {
                    if (at == _begin && _fields.Count == 0) return false;
                    if (quoted) throw Bad("opens a quote that is never closed; it may be cut short");
                    EndsInLineBreak = false;
                    Close(field, at, wasQuoted);
                    _begin = at;
                    return true;
                }
            }
            var c = _buffer[at];
            if (c == (byte)'"' && (quoted || at == field)) (quoted, wasQuoted) = (!quoted, true);
            else if (c == (byte)'"' && wasQuoted) quoted = true;
            else if (c == (byte)'\n') _nextLine++;
            if (quoted) continue;
            if (c == _separator)
            {
                Close(field, at, wasQuoted);
                (field, wasQuoted) = (at + 1, false);
            }
            else if (c == (byte)'\n')
            {
                Close(field, at > field && _buffer[at - 1] == (byte)'\r' ? at - 1 : at, wasQuoted);
                _begin = at + 1;
                EndsInLineBreak = true;
                return true;
            }
        }
    }

    private void Close(int begin, int end, bool quoted)
    {
        if (quoted && end - begin >= 2) (begin, end) = (begin + 1, end - 1);
        _fields.Add((begin, end, quoted));
    }

    /// <summary>Moves what is left to the buffer's front and reads on.</summary>
    private bool Fill()
    {
        if (_ended) return false;
        var left = _end - _begin;
        if (left == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
        if (_begin > 0) Array.Copy(_buffer, _begin, _buffer, 0, left);
        int read;
        try
        {
            read = _stream.Read(_buffer, left, _buffer.Length - left);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"{Name} is damaged or cut short after row {_line}: {e.Message} Nothing was imported."), e);
        }
        (_begin, _end) = (0, left + read);
        if (read > 0) return true;
        _ended = true;
        return false;
    }
}
