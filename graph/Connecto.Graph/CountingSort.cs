namespace Connecto.Graph;

/// <summary>Stable counting sorts by a dense key.</summary>
internal static class CountingSort
{
    /// <summary>Where each key's entries begin in sorted order, and the end; keys + 1 long.</summary>
    public static int[] Starts(ReadOnlySpan<int> keyOf, int keys)
    {
        var starts = new int[keys + 1];
        foreach (var key in keyOf) starts[key + 1]++;
        for (var i = 0; i < keys; i++) starts[i + 1] += starts[i];
        return starts;
    }

    /// <summary>Entries 0..n-1 ascending by key, equal keys in order.</summary>
    public static (int[] Starts, int[] Order) Order(ReadOnlySpan<int> keyOf, int keys)
    {
        var starts = Starts(keyOf, keys);
        var next = starts.AsSpan(0, keys).ToArray();
        var order = new int[keyOf.Length];
        for (var i = 0; i < keyOf.Length; i++) order[next[keyOf[i]]++] = i;
        return (starts, order);
    }

    /// <summary>The given entries ascending by key, equal keys in the order given.</summary>
    public static int[] Stable(ReadOnlySpan<int> keyOf, ReadOnlySpan<int> entries, int keys)
    {
        var next = new int[keys + 1];
        foreach (var entry in entries) next[keyOf[entry] + 1]++;
        for (var i = 0; i < keys; i++) next[i + 1] += next[i];
        var order = new int[entries.Length];
        foreach (var entry in entries) order[next[keyOf[entry]]++] = entry;
        return order;
    }

    /// <summary>values[order[i]] for every i.</summary>
    public static int[] Gather(ReadOnlySpan<int> values, ReadOnlySpan<int> order)
    {
        var result = new int[order.Length];
        for (var i = 0; i < order.Length; i++) result[i] = values[order[i]];
        return result;
    }
}
