using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>Merges sorted runs: the tree keeps at every node the loser of a match, so the next winner is found along one
/// path, log2(runs) comparisons a row. Of equal keys the earlier run wins.</summary>
internal sealed class LoserTree : IDisposable
{
    private readonly RunReader[] _runs;
    private readonly int[] _losers;
    private readonly ulong[] _keys;
    private readonly bool[] _done;
    private int _winner;

    public LoserTree(RunReader[] runs)
    {
        _runs = runs;
        _losers = new int[runs.Length];
        (_keys, _done) = (new ulong[runs.Length], new bool[runs.Length]);
        for (var i = 0; i < runs.Length; i++) Load(i);
        _winner = runs.Length == 1 ? 0 : Play(1);
    }

    /// <summary>The next rows; 0 at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Take(Span<SortRow> target)
    {
        for (var n = 0; n < target.Length; n++)
        {
            var run = _winner;
            if (_done[run]) return n;
            target[n] = _runs[run].Current;
            _runs[run].Advance();
            Load(run);
            for (var node = (run + _runs.Length) / 2; node >= 1; node /= 2)
                if (Beats(_losers[node], run))
                    (_losers[node], run) = (run, _losers[node]);
            _winner = run;
        }
        return target.Length;
    }

    public void Dispose()
    {
        foreach (var run in _runs) run.Dispose();
    }

    private void Load(int run)
    {
        _done[run] = _runs[run].AtEnd;
        _keys[run] = _done[run] ? ulong.MaxValue : _runs[run].Current.Key;
    }

    private bool Beats(int a, int b) =>
        _keys[a] != _keys[b] ? _keys[a] < _keys[b] : _done[a] != _done[b] ? _done[b] : a < b;

    /// <summary>Plays the matches below a node; leaves are runs.Length to 2 runs.Length - 1.</summary>
    private int Play(int node)
    {
        if (node >= _runs.Length) return node - _runs.Length;
        int left = Play(2 * node), right = Play(2 * node + 1);
        var wins = Beats(left, right);
        _losers[node] = wins ? right : left;
        return wins ? left : right;
    }
}

/// <summary>A run on disk, read a buffer at a time.</summary>
internal sealed class RunReader : IDisposable
{
    private readonly FileStream _file;
    private readonly SortRow[] _buffer;
    private long _left;
    private int _at, _count;

    public RunReader(string path, long rows, int buffer)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        (_buffer, _left) = (new SortRow[buffer], rows);
        Fill();
    }

    public bool AtEnd => _at == _count;

    public ref readonly SortRow Current => ref _buffer[_at];

    public void Advance()
    {
        if (++_at == _count) Fill();
    }

    public void Dispose() => _file.Dispose();

    private void Fill()
    {
        (_at, _count) = (0, (int)Math.Min(_left, _buffer.Length));
        _left -= _count;
        _file.ReadExactly(MemoryMarshal.AsBytes(_buffer.AsSpan(0, _count)));
    }
}
