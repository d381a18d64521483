namespace Connecto.Graph;

/// <summary>Each neuron's neighbours, whichever way the edge leads, with the kind of the dyad: a merge of the two ascending
/// rows. Edges of a neuron on itself are left out. Five bytes a neighbour.</summary>
internal sealed class DyadRows
{
    public const byte Out = 1, In = 2, Mutual = 3;

    private readonly int[] _starts, _neighbours;
    private readonly byte[] _kinds;

    private DyadRows(int[] starts)
    {
        _starts = starts;
        _neighbours = new int[starts[^1]];
        _kinds = new byte[starts[^1]];
    }

    public int NeuronCount => _starts.Length - 1;

    /// <summary>Number of neighbours over all neurons: twice that of dyads.</summary>
    public int Entries => _neighbours.Length;

    public static DyadRows Of<TRows>(TRows rows) where TRows : ITwoWayRows
    {
        var starts = new int[rows.NeuronCount + 1];
        for (var n = 0; n < rows.NeuronCount; n++)
            starts[n + 1] = checked(starts[n] + Merge(n, rows.Row(n, Direction.Out), rows.Row(n, Direction.In), [], []));
        var dyads = new DyadRows(starts);
        for (var n = 0; n < rows.NeuronCount; n++)
            Merge(n, rows.Row(n, Direction.Out), rows.Row(n, Direction.In),
                dyads._neighbours.AsSpan(starts[n]..starts[n + 1]), dyads._kinds.AsSpan(starts[n]..starts[n + 1]));
        return dyads;
    }

    public int Degree(int neuron) => _starts[neuron + 1] - _starts[neuron];

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> Neighbours(int neuron) => _neighbours.AsSpan(_starts[neuron].._starts[neuron + 1]);

    /// <summary>Of each neighbour: <see cref="Out"/> where the edge leads to it, <see cref="In"/>, or <see cref="Mutual"/>.</summary>
    public ReadOnlySpan<byte> Kinds(int neuron) => _kinds.AsSpan(_starts[neuron].._starts[neuron + 1]);

    // Counts alone where the targets are empty.
    private static int Merge(int self, ReadOnlySpan<int> outs, ReadOnlySpan<int> ins, Span<int> neighbours, Span<byte> kinds)
    {
        int o = 0, i = 0, count = 0;
        while (o < outs.Length || i < ins.Length)
        {
            var a = o < outs.Length ? outs[o] : int.MaxValue;
            var b = i < ins.Length ? ins[i] : int.MaxValue;
            var next = Math.Min(a, b);
            if (a == next) o++;
            if (b == next) i++;
            if (next == self) continue;
            if (neighbours.Length > 0)
            {
                neighbours[count] = next;
                kinds[count] = (byte)((a == next ? Out : 0) | (b == next ? In : 0));
            }
            count++;
        }
        return count;
    }
}
