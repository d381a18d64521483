namespace Connecto.Segmentation;

/// <summary>Edges in 4096 buckets by score, best bucket first, first in first out within one; an edge is in one at
/// most.</summary>
internal sealed class EdgeQueue(int edges)
{
    private const int Buckets = 4096;
    private readonly int[] _heads = Filled(Buckets), _tails = Filled(Buckets);
    private readonly int[] _next = new int[edges], _previous = new int[edges];
    private readonly short[] _buckets = FilledShort(edges);
    private int _best = -1;

    /// <summary>The bucket of a score; scores outside [0, 1] go to the ends, negative ones to none (-1).</summary>
    public static int Bucket(double score) => score < 0 ? -1 : (int)Math.Min(Buckets - 1, score * (Buckets - 1) + 1e-9);

    public void Put(int edge, int bucket)
    {
        if (_buckets[edge] == bucket) return;
        Remove(edge);
        var tail = _tails[bucket];
        if (tail < 0) _heads[bucket] = edge;
        else _next[tail] = edge;
        (_previous[edge], _next[edge], _tails[bucket], _buckets[edge]) = (tail, -1, edge, (short)bucket);
        _best = Math.Max(_best, bucket);
    }

    public void Remove(int edge)
    {
        var bucket = _buckets[edge];
        if (bucket < 0) return;
        int next = _next[edge], previous = _previous[edge];
        if (previous < 0) _heads[bucket] = next;
        else _next[previous] = next;
        if (next < 0) _tails[bucket] = previous;
        else _previous[next] = previous;
        _buckets[edge] = -1;
    }

    public bool TakeBest(out int edge, out int bucket)
    {
        while (_best >= 0 && _heads[_best] < 0) _best--;
        (edge, bucket) = (_best < 0 ? -1 : _heads[_best], _best);
        if (edge < 0) return false;
        Remove(edge);
        return true;
    }

    private static int[] Filled(int length)
    {
        var result = new int[length];
        Array.Fill(result, -1);
        return result;
    }

    private static short[] FilledShort(int length)
    {
        var result = new short[length];
        Array.Fill(result, (short)-1);
        return result;
    }
}
