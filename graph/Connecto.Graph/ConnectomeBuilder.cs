namespace Connecto.Graph;

/// <summary>Rows (pre, post) become compressed rows both ways by counting sorts.
/// Rows are ordered by post, then stably by pre, so equal pairs lie together and keep the order of their synapse ids; one
/// walk cuts them into edges, and a last counting sort lists the edges by post. No comparison sort, no hash of pairs, all
/// passes linear. What was given up: it holds everything in memory (12 bytes a row of scratch).</summary>
internal static class ConnectomeBuilder
{
    public static Connectome FromSynapses(IEnumerable<Neuron> neurons, SynapseTable synapses, ConnectomeOptions options)
    {
        var (sorted, index) = Sort(neurons);
        var rows = new PairRows(synapses.Count);
        var unassigned = 0;
        for (var row = 0; row < synapses.Count; row++)
        {
            ulong pre = synapses.Pre[row], post = synapses.Post[row];
            if (pre == 0 || post == 0)
            {
                unassigned++;
                continue;
            }
            int from = index.Find(pre), to = index.Find(post);
            if (from < 0 || to < 0)
                throw new InvalidDataException(
                    $"Synapse {synapses.Ids[row]} names neuron {(from < 0 ? pre : post)}, which is not among the " +
                    $"{sorted.Length} neurons; no connectome was built.");
            rows.Add(row, from, to, 1, options.Autapses, pre);
        }
        var order = rows.SortByPair(sorted.Length);
        var edges = Cut(sorted.Length, rows, order, new SynapseSource(synapses), unassigned);
        return new Connectome(sorted, index, synapses, edges);
    }

    public static Connectome FromConnections(
        IEnumerable<Neuron> neurons, IReadOnlyList<Connection> connections, ConnectomeOptions options)
    {
        var (sorted, index) = Sort(neurons);
        var rows = new PairRows(connections.Count);
        for (var row = 0; row < connections.Count; row++)
        {
            var c = connections[row];
            if (c.Contacts < 1 || c.Size < 0 || !float.IsFinite(c.Score) || c.Score < 0 || c.Sign is < -1 or > 1)
                throw Bad(row, c, $"has {c.Contacts} contacts, size {c.Size}, score {c.Score} and sign {c.Sign}; at least 1, 0 and " +
                    "0 and a sign of -1, 0 or 1 were expected");
            int from = index.Find(c.Pre), to = index.Find(c.Post);
            if (from < 0 || to < 0)
                throw Bad(row, c, $"names a neuron that is not among the {sorted.Length} neurons");
            rows.Add(row, from, to, c.Contacts, options.Autapses, c.Pre);
        }
        var order = rows.SortByPair(sorted.Length);
        var edges = Cut(sorted.Length, rows, order, new ConnectionSource(connections), unassigned: 0);
        return new Connectome(sorted, index, SynapseTable.Empty, edges);
    }

    private static (Neuron[] Sorted, IdIndex Index) Sort(IEnumerable<Neuron> neurons)
    {
        Neuron[] sorted = [.. neurons];
        var ids = new ulong[sorted.Length];
        for (var i = 0; i < ids.Length; i++) ids[i] = sorted[i].Id;
        Array.Sort(ids, sorted);
        for (var i = 0; i < ids.Length; i++)
            if (ids[i] == 0 || (i > 0 && ids[i] == ids[i - 1]))
                throw new InvalidDataException(ids[i] == 0
                    ? "A neuron has the id 0, which means background; no connectome was built."
                    : $"Neuron {ids[i]} occurs twice in the list of neurons; no connectome was built.");
        return (sorted, new IdIndex(ids));
    }

    private static EdgeArrays Cut<TSource>(int neurons, PairRows rows, int[] order, TSource source, int unassigned)
        where TSource : IPairSource
    {
        var count = 0;
        for (var i = 0; i < order.Length; i++)
            if (i == 0 || !rows.SamePair(order[i], order[i - 1]))
                count++;
        int[] pre = new int[count], post = new int[count], contacts = new int[count], starts = new int[count + 1];
        long[] sizes = new long[count];
        float[] scores = new float[count];
        var signs = source.HasSigns ? new sbyte[count] : null;
        for (int edge = 0, begin = 0; edge < count; edge++)
        {
            var end = begin + 1;
            while (end < order.Length && rows.SamePair(order[end], order[begin])) end++;
            (pre[edge], post[edge]) = (rows.Pre[order[begin]], rows.Post[order[begin]]);
            var (sum, size, score, sign) = (0L, 0L, 0.0, 0L);
            for (var i = begin; i < end; i++)
            {
                var (n, s, p, sgn) = source.Row(rows.Row[order[i]]);
                sum += n;
                sign += sgn * (long)n;
                size = checked(size + s);
                score += n * (double)p;
                order[i] = rows.Row[order[i]];
            }
            (contacts[edge], sizes[edge], scores[edge]) = (checked((int)sum), size, (float)(score / sum));
            if (signs is not null) signs[edge] = (sbyte)Math.Sign(sign);
            begin = starts[edge + 1] = end;
        }
        var (inStarts, inEdges) = CountingSort.Order(post, neurons);
        return new EdgeArrays
        {
            OutStarts = CountingSort.Starts(pre, neurons),
            Pre = pre,
            Post = post,
            Contacts = contacts,
            Sizes = sizes,
            Scores = scores,
            Signs = signs is null ? default(Column<sbyte>?) : signs,
            InStarts = inStarts,
            InEdges = inEdges,
            InPre = CountingSort.Gather(pre, inEdges),
            ContactStarts = source.HasContacts ? starts : default(Column<int>?),
            ContactRows = source.HasContacts ? order : default(Column<int>?),
            ContactCount = rows.Contacts,
            Unassigned = unassigned,
            Autapses = rows.Autapses,
        };
    }

    private static InvalidDataException Bad(int row, Connection c, string what) =>
        new(FormattableString.Invariant(
            $"Connection {c.Pre} -> {c.Post} in row {row} {what}; no connectome was built."));
}
