using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>Takes synapses in the order of their pairs and writes edges; then lists the edges by their postsynaptic end, as
/// many neurons at a time as memory allows, each time with one walk over the edges.</summary>
internal sealed class EdgeWriter : IDisposable
{
    private readonly ConnectomeColumns _columns;
    private readonly int _neurons, _postBits;
    private readonly int[] _out, _in;
    private readonly ColumnWriter<int> _pre, _post, _contacts, _starts, _rows;
    private readonly ColumnWriter<long> _sizes;
    private readonly ColumnWriter<float> _scores;
    private ulong _key = ulong.MaxValue;
    private int _count;
    private long _size;
    private double _score;

    public EdgeWriter(ConnectomeColumns columns, int neurons, int postBits)
    {
        (_columns, _neurons, _postBits) = (columns, neurons, postBits);
        (_out, _in) = (new int[neurons + 1], new int[neurons + 1]);
        (_pre, _post) = (columns.Begin<int>("edges.pre"), columns.Begin<int>("edges.post"));
        (_contacts, _starts, _rows) = (columns.Begin<int>("edges.contacts"), columns.Begin<int>("edges.contact-starts"), columns.Begin<int>("contacts.rows"));
        (_sizes, _scores) = (columns.Begin<long>("edges.size"), columns.Begin<float>("edges.score"));
        _starts.Add(0);
    }

    public int Edges { get; private set; }

    public int Contacts { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Take(ReadOnlySpan<SortRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            if (row.Key != _key)
            {
                Close();
                _key = row.Key;
            }
            _count++;
            _size = checked(_size + row.Size);
            _score += row.Score;
            _rows.Add(row.Row);
        }
    }

    /// <summary>Writes what is left, and the edges by their postsynaptic end.</summary>
    public void Finish(long memoryBytes)
    {
        Close();
        _columns.End("edges.pre", _pre);
        _columns.End("edges.post", _post);
        _columns.End("edges.contacts", _contacts);
        _columns.End("edges.contact-starts", _starts);
        _columns.End("contacts.rows", _rows);
        _columns.End("edges.size", _sizes);
        _columns.End("edges.score", _scores);
        for (var i = 0; i < _neurons; i++)
        {
            _out[i + 1] += _out[i];
            _in[i + 1] += _in[i];
        }
        _columns.Write<int>("edges.out-starts", _out);
        _columns.Write<int>("edges.in-starts", _in);
        ListByPost(memoryBytes);
    }

    public void Dispose()
    {
        foreach (var writer in (IDisposable[])[_pre, _post, _contacts, _starts, _rows, _sizes, _scores]) writer.Dispose();
    }

    private void Close()
    {
        if (_count == 0) return;
        int pre = (int)(_key >> _postBits), post = (int)(_key & ((1UL << _postBits) - 1));
        _pre.Add(pre);
        _post.Add(post);
        _contacts.Add(_count);
        _sizes.Add(_size);
        _scores.Add((float)(_score / _count));
        _out[pre + 1]++;
        _in[post + 1]++;
        Edges++;
        Contacts += _count;
        _starts.Add(Contacts);
        (_count, _size, _score) = (0, 0, 0);
    }

    private void ListByPost(long memoryBytes)
    {
        ColumnWriter<int> edges = _columns.Begin<int>("edges.in-edges"), pres = _columns.Begin<int>("edges.in-pre");
        using var closeEdges = edges;
        using var closePres = pres;
        var room = (int)Math.Clamp(memoryBytes / 8, 1024, int.MaxValue / 2);
        for (int first = 0, end; first < _neurons; first = end)
        {
            end = first + 1;
            while (end < _neurons && _in[end + 1] - _in[first] <= room) end++;
            Fill(first, end, edges, pres);
        }
        _columns.End("edges.in-edges", edges);
        _columns.End("edges.in-pre", pres);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill(int first, int end, ColumnWriter<int> edges, ColumnWriter<int> pres)
    {
        var begin = _in[first];
        int[] list = new int[_in[end] - begin], from = new int[list.Length];
        var next = _in.AsSpan(first, end - first).ToArray();
        using var preFile = ColumnPieces.Open(_columns.PathOf("edges.pre"));
        using var postFile = ColumnPieces.Open(_columns.PathOf("edges.post"));
        var (pre, post) = (new int[1 << 16], new int[1 << 16]);
        for (int at = 0, n; at < Edges; at += n)
        {
            n = Math.Min(pre.Length, Edges - at);
            ColumnPieces.Read(preFile, at, pre.AsSpan(0, n));
            ColumnPieces.Read(postFile, at, post.AsSpan(0, n));
            for (var i = 0; i < n; i++)
            {
                var neuron = post[i] - first;
                if ((uint)neuron >= (uint)next.Length) continue;
                var place = next[neuron]++ - begin;
                (list[place], from[place]) = (at + i, pre[i]);
            }
        }
        edges.Add(list);
        pres.Add(from);
    }
}

/// <summary>Pieces of a column's file, by place.</summary>
internal static class ColumnPieces
{
    public static Microsoft.Win32.SafeHandles.SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    /// <summary>Reads values from a place on.</summary>
    public static void Read<T>(Microsoft.Win32.SafeHandles.SafeFileHandle file, long first, Span<T> target, int header = ColumnHeader.Bytes) where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(target);
        var at = header + first * System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        while (!bytes.IsEmpty)
        {
            var n = RandomAccess.Read(file, bytes, at);
            if (n == 0) throw new EndOfStreamException("A column that was just written is shorter than it was.");
            bytes = bytes[n..];
            at += n;
        }
    }
}
