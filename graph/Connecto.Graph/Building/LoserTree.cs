using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>Merges sorted runs: the tree keeps at every node the loser of a match, so the next winner is found along one
/// path, log2(runs) comparisons a row. Of equal keys the earlier run wins. Who wins is a coin toss to the processor, so
/// winner and loser change places by masks, without a branch.</summary>
internal sealed class LoserTree : IDisposable
{
    private readonly RunReader[] _runs;
    private readonly ulong[] _keys;

    // A run's number, and the number of runs more once the run is at its end: it then loses to all others.
    private readonly int[] _ranks;
    private ulong _key;
    private int _rank;

    public LoserTree(RunReader[] runs)
    {
        _runs = runs;
        (_keys, _ranks) = (new ulong[runs.Length], new int[runs.Length]);
        (_key, _rank) = Play(1);
    }

    /// <summary>The next rows; 0 at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Take(Span<SortRow> target)
    {
        var runs = _runs;
        var (key, rank) = (_key, _rank);
        ref var keys = ref MemoryMarshal.GetArrayDataReference(_keys);
        ref var ranks = ref MemoryMarshal.GetArrayDataReference(_ranks);
        var n = 0;
        for (; n < target.Length && rank < runs.Length; n++)
        {
            var reader = runs[rank];
            target[n] = reader.Current;
            var node = (rank + runs.Length) >> 1;
            if (reader.Advance()) key = reader.Current.Key;
            else (key, rank) = (ulong.MaxValue, rank + runs.Length);
            for (; node >= 1; node >>= 1)
            {
                ref var loserKey = ref Unsafe.Add(ref keys, node);
                ref var loserRank = ref Unsafe.Add(ref ranks, node);
                var beats = loserKey < key | (loserKey == key & loserRank < rank);
                var mask = -(long)Unsafe.As<bool, byte>(ref beats);
                var (keyChange, rankChange) = ((loserKey ^ key) & (ulong)mask, (loserRank ^ rank) & (int)mask);
                loserKey ^= keyChange;
                key ^= keyChange;
                loserRank ^= rankChange;
                rank ^= rankChange;
            }
        }
        (_key, _rank) = (key, rank);
        return n;
    }

    public void Dispose()
    {
        foreach (var run in _runs) run.Dispose();
    }

    /// <summary>Plays the matches below a node; leaves are runs.Length to 2 runs.Length - 1.</summary>
    private (ulong Key, int Rank) Play(int node)
    {
        if (node >= _runs.Length)
        {
            var run = node - _runs.Length;
            return _runs[run].AtEnd ? (ulong.MaxValue, run + _runs.Length) : (_runs[run].Current.Key, run);
        }
        var (left, right) = (Play(2 * node), Play(2 * node + 1));
        var wins = left.CompareTo(right) < 0;
        (_keys[node], _ranks[node]) = wins ? right : left;
        return wins ? left : right;
    }
}

/// <summary>A run in memory, or one on disk that is read a buffer at a time.</summary>
internal sealed class RunReader : IDisposable
{
    private readonly FileStream? _file;
    private readonly SortRow[] _buffer;
    private long _left;
    private int _at, _count;

    /// <param name="rows">Sorted rows; they stay as they are.</param>
    /// <param name="count">How many of them there are.</param>
    public RunReader(SortRow[] rows, int count) => (_buffer, _count) = (rows, count);

    public RunReader(string path, long rows, int buffer)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
        (_buffer, _left) = (new SortRow[buffer], rows);
        Fill();
    }

    public bool AtEnd => _at == _count;

    public ref readonly SortRow Current => ref _buffer[_at];

    /// <summary>Goes on to the next row; false where there is none.</summary>
    public bool Advance() => ++_at < _count || Fill();

    public void Dispose() => _file?.Dispose();

    private bool Fill()
    {
        if (_left == 0) return false;
        (_at, _count) = (0, (int)Math.Min(_left, _buffer.Length));
        _left -= _count;
        _file!.ReadExactly(MemoryMarshal.AsBytes(_buffer.AsSpan(0, _count)));
        return true;
    }
}
