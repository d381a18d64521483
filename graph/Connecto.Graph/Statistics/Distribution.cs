using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>How often each value occurs; exact, nothing binned.</summary>
public sealed record Distribution
{
    /// <summary>Number of values.</summary>
    public required long Count { get; init; }

    /// <summary>Their sum.</summary>
    public required long Sum { get; init; }

    /// <summary>Sum / count; 0 without values.</summary>
    public required double Mean { get; init; }

    /// <summary>The middle value, or the mean of the two middle ones; 0 without values.</summary>
    public required double Median { get; init; }

    /// <summary>The least value; 0 without values.</summary>
    public required long Min { get; init; }

    /// <summary>The largest value; 0 without values.</summary>
    public required long Max { get; init; }

    /// <summary>Every value that occurs, ascending, with its number of occurrences.</summary>
    public required IReadOnlyList<ValueCount> Histogram { get; init; }

    // Values below this are counted in a table; nearly all numbers of contacts and partners are.
    private const int TableSize = 1 << 14;

    /// <summary>Counts values in any order; O(n + distinct log distinct).</summary>
    public static Distribution Of(IEnumerable<long> values)
    {
        var counter = new Counter();
        foreach (var value in values) counter.Add(value);
        return Of(counter.Histogram());
    }

    /// <summary>Counts values in any order; O(n + distinct log distinct).</summary>
    public static Distribution Of(ReadOnlySpan<int> values)
    {
        var counter = new Counter();
        foreach (var value in values) counter.Add(value);
        return Of(counter.Histogram());
    }

    private static Distribution Of(ValueCount[] histogram)
    {
        long count = histogram.Sum(c => c.Count), sum = histogram.Sum(c => c.Value * c.Count);
        return new Distribution
        {
            Count = count,
            Sum = sum,
            Mean = count == 0 ? 0 : (double)sum / count,
            Median = count == 0 ? 0 : (At(histogram, (count - 1) / 2) + At(histogram, count / 2)) / 2.0,
            Min = count == 0 ? 0 : histogram[0].Value,
            Max = count == 0 ? 0 : histogram[^1].Value,
            Histogram = histogram,
        };
    }

    private sealed class Counter
    {
        private readonly long[] _table = new long[TableSize];
        private readonly Dictionary<long, long> _others = [];

        public void Add(long value)
        {
            if ((ulong)value < TableSize) _table[value]++;
            else CollectionsMarshal.GetValueRefOrAddDefault(_others, value, out _)++;
        }

        public ValueCount[] Histogram()
        {
            var counts = _others.Select(c => new ValueCount(c.Key, c.Value)).ToList();
            for (var value = 0; value < TableSize; value++)
                if (_table[value] > 0)
                    counts.Add(new ValueCount(value, _table[value]));
            return [.. counts.OrderBy(c => c.Value)];
        }
    }

    private static long At(ValueCount[] histogram, long rank)
    {
        var i = 0;
        for (; rank >= histogram[i].Count; i++) rank -= histogram[i].Count;
        return histogram[i].Value;
    }
}

/// <summary>A value and how often it occurs.</summary>
public readonly record struct ValueCount(long Value, long Count);
