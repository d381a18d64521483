namespace Connecto.Graph;

/// <summary>Lists every closed triangle once and counts it by kind. Neurons are ranked by their number of neighbours, and each
/// row keeps its neighbours of higher rank, so that hubs have short rows (Chiba and Nishizeki 1985); the triangles over a
/// neuron are found by marking its row in an array of one byte a neuron, which stays in cache, and looking up the rows of
/// its neighbours in it. Against merging the two rows that needs no comparisons and reads half as much.
/// Counts are whole numbers, so threads may add theirs in any order.</summary>
internal static class Triangles
{
    private const int KindBits = 2, BlockSize = 64;

    /// <returns>16 counts in the order of <see cref="TriadClass"/>; those of open kinds are 0.</returns>
    public static long[] Count(DyadRows dyads, int threads, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dyads.NeuronCount, 1 << (31 - KindBits));
        var (starts, upper) = Oriented(dyads);
        var combinations = new long[64];
        var blocks = (dyads.NeuronCount + BlockSize - 1) / BlockSize;
        Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            () => (Marks: new byte[dyads.NeuronCount], Counts: new long[64]),
            (block, _, own) =>
            {
                for (var rank = block * BlockSize; rank < Math.Min(dyads.NeuronCount, (block + 1) * BlockSize); rank++)
                    CountOver(rank, starts, upper, own.Marks, own.Counts);
                return own;
            },
            own =>
            {
                lock (combinations)
                    for (var i = 0; i < combinations.Length; i++)
                        combinations[i] += own.Counts[i];
            });
        var counts = new long[TriadClasses.Count];
        for (var i = 0; i < combinations.Length; i++)
            counts[(int)TriadClasses.Of(i >> 4, (i >> 2) & 3, i & 3)] += combinations[i];
        return counts;
    }

    private static void CountOver(int rank, int[] starts, int[] upper, byte[] marks, long[] counts)
    {
        var row = upper.AsSpan(starts[rank]..starts[rank + 1]);
        if (row.Length < 2) return;
        foreach (var entry in row) marks[entry >> KindBits] = (byte)((entry & 3) << 2);
        foreach (var entry in row)
        {
            var (next, first) = (entry >> KindBits, (entry & 3) << 4);
            foreach (var other in upper.AsSpan(starts[next]..starts[next + 1]))
                if (marks[other >> KindBits] is not 0 and var second)
                    counts[first | second | (other & 3)]++;
        }
        foreach (var entry in row) marks[entry >> KindBits] = 0;
    }

    /// <summary>Rows of neighbours of higher rank, ascending: rank and the kind of the dyad in one number.</summary>
    private static (int[] Starts, int[] Upper) Oriented(DyadRows dyads)
    {
        var n = dyads.NeuronCount;
        var degrees = new int[n];
        for (var i = 0; i < n; i++) degrees[i] = dyads.Degree(i);
        var (_, byRank) = CountingSort.Order(degrees, degrees.DefaultIfEmpty().Max() + 1);
        var rankOf = new int[n];
        for (var rank = 0; rank < n; rank++) rankOf[byRank[rank]] = rank;
        var starts = new int[n + 1];
        for (var rank = 0; rank < n; rank++)
        {
            starts[rank + 1] = starts[rank];
            foreach (var neighbour in dyads.Neighbours(byRank[rank]))
                if (rankOf[neighbour] > rank)
                    starts[rank + 1]++;
        }
        var upper = new int[starts[n]];
        for (var rank = 0; rank < n; rank++)
        {
            var at = starts[rank];
            var neighbours = dyads.Neighbours(byRank[rank]);
            var kinds = dyads.Kinds(byRank[rank]);
            for (var k = 0; k < neighbours.Length; k++)
                if (rankOf[neighbours[k]] > rank)
                    upper[at++] = rankOf[neighbours[k]] << KindBits | kinds[k];
            upper.AsSpan(starts[rank]..at).Sort();
        }
        return (starts, upper);
    }
}
