namespace Connecto.Graph;

/// <summary>How many of each kind of three neurons there are: all of them counted, none sampled. A neuron's synapses on
/// itself count for nothing.</summary>
/// <remarks>The exact census of Batagelj and Mrvar (Social Networks 2001) looks at the two rows of every connected pair. Here
/// closed triangles alone are listed, and the open kinds follow: neurons of a known number of out, in and mutual neighbours
/// stand at the centre of a known number of open or closed twos, from which the triangles' own are taken off; the kinds
/// with one dyad follow from the number of dyads, and the empty ones from the rest. See <see cref="Triangles"/>.</remarks>
public sealed record TriadCensus
{
    // A label's digits are its numbers of mutual, asymmetric and null dyads.
    private const int MutualDigit = 0, AsymmetricDigit = 1;

    private readonly long[] _counts;

    private TriadCensus(long[] counts) => _counts = counts;

    /// <summary>How many of one kind there are.</summary>
    public long this[TriadClass kind] => _counts[(int)kind];

    /// <summary>All counts in the order of <see cref="TriadClass"/>.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>The field's labels ("003" to "300") in the same order.</summary>
    public static IReadOnlyList<string> Labels => TriadClasses.Labels;

    /// <summary>Takes the census.</summary>
    /// <param name="connectome">The graph; at most 3.8 million neurons, as all threes must fit a signed 64-bit number.</param>
    /// <param name="threads">Threads; the counts are the same with any number.</param>
    /// <param name="cancellation">Stops it between neurons.</param>
    /// <exception cref="OverflowException">More threes than a signed 64-bit number holds.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <remarks>O(sum over edges of the neighbours of larger degree of one end), about 13 bytes an edge of scratch.</remarks>
    public static TriadCensus Of(Connectome connectome, int threads = 1, CancellationToken cancellation = default) =>
        Of(DyadRows.Of(new ConnectomeRows(connectome)), threads, cancellation);

    internal static TriadCensus Of(DyadRows dyads, int threads, CancellationToken cancellation)
    {
        var counts = Triangles.Count(dyads, threads, cancellation);
        var (mutual, asymmetric) = AddCentred(dyads, counts);
        TakeTrianglesOff(counts);
        long n = dyads.NeuronCount;
        counts[(int)TriadClass.Single] = checked(asymmetric * (n - 2)) - Dyads(counts, AsymmetricDigit);
        counts[(int)TriadClass.Pair] = checked(mutual * (n - 2)) - Dyads(counts, MutualDigit);
        if (n < 3) Array.Clear(counts);
        var all = (Int128)n * (n - 1) * (n - 2) / 6;
        counts[(int)TriadClass.Empty] = checked((long)all) - counts.Sum();
        return new TriadCensus(counts);
    }

    /// <summary>Adds the twos at every neuron, open and closed, and counts the dyads.</summary>
    private static (long Mutual, long Asymmetric) AddCentred(DyadRows dyads, long[] counts)
    {
        long mutuals = 0, asymmetric = 0;
        for (var neuron = 0; neuron < dyads.NeuronCount; neuron++)
        {
            long sent = 0, got = 0, mutual = 0;
            foreach (var kind in dyads.Kinds(neuron))
            {
                if (kind == DyadRows.Out) sent++;
                else if (kind == DyadRows.In) got++;
                else mutual++;
            }
            counts[(int)TriadClass.Divergent] += sent * (sent - 1) / 2;
            counts[(int)TriadClass.Convergent] += got * (got - 1) / 2;
            counts[(int)TriadClass.Chain] += sent * got;
            counts[(int)TriadClass.PairReceiving] += mutual * got;
            counts[(int)TriadClass.PairSending] += mutual * sent;
            counts[(int)TriadClass.TwoPairs] += mutual * (mutual - 1) / 2;
            mutuals += mutual;
            asymmetric += sent;
        }
        return (mutuals / 2, asymmetric);
    }

    /// <summary>A closed triangle has a two at each of its corners, counted above as if it were open.</summary>
    private static void TakeTrianglesOff(long[] counts)
    {
        void Take(TriadClass closed, params ReadOnlySpan<TriadClass> corners)
        {
            foreach (var corner in corners) counts[(int)corner] -= counts[(int)closed];
        }

        Take(TriadClass.FeedForward, TriadClass.Divergent, TriadClass.Chain, TriadClass.Convergent);
        Take(TriadClass.Cycle, TriadClass.Chain, TriadClass.Chain, TriadClass.Chain);
        Take(TriadClass.PairDriven, TriadClass.Divergent, TriadClass.PairReceiving, TriadClass.PairReceiving);
        Take(TriadClass.PairDriving, TriadClass.Convergent, TriadClass.PairSending, TriadClass.PairSending);
        Take(TriadClass.PairChained, TriadClass.Chain, TriadClass.PairSending, TriadClass.PairReceiving);
        Take(TriadClass.AllButOne, TriadClass.TwoPairs, TriadClass.PairSending, TriadClass.PairReceiving);
        Take(TriadClass.Complete, TriadClass.TwoPairs, TriadClass.TwoPairs, TriadClass.TwoPairs);
    }

    /// <summary>Dyads of one sort in all threes with two dyads or three.</summary>
    private static long Dyads(long[] counts, int digit)
    {
        var sum = 0L;
        for (var kind = (int)TriadClass.Divergent; kind < TriadClasses.Count; kind++)
            sum += counts[kind] * (TriadClasses.Labels[kind][digit] - '0');
        return sum;
    }
}
