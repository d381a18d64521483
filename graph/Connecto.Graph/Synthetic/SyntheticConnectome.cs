namespace Connecto.Graph;

/// <summary>What a synthetic connectome is like.</summary>
public sealed record SyntheticOptions
{
    /// <summary>Neurons; 139,000 are a fly's.</summary>
    public int Neurons { get; init; } = 139_000;

    /// <summary>Edges: ordered pairs of neurons.</summary>
    public int Edges { get; init; } = 15_000_000;

    /// <summary>Neurons whose partners and contacts are matched; null for a log-normal distribution of partners (sigma 1, as
    /// wide as published ones) and <see cref="MeanContacts"/> a pair.</summary>
    public DegreeTable? Degrees { get; init; }

    /// <summary>Contacts a pair on average, where no table says; 1 or more.</summary>
    public double MeanContacts { get; init; } = 3;

    /// <summary>The share of neurons whose edges inhibit, 0 to 1; null for edges without signs.</summary>
    public double? InhibitoryShare { get; init; }

    /// <summary>The share of edges to neurons nearby, in the order of the neurons; the others lead anywhere.</summary>
    public double LocalShare { get; init; }

    /// <summary>About how many neurons away nearby ones are at most.</summary>
    public int LocalReach { get; init; } = 1000;

    /// <summary>Seed; the same options give the same graph.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>A random connectome whose neurons have the partners of published ones: for measurements and for comparison, not a
/// model of tissue.</summary>
/// <remarks>Each neuron takes the degree of a random row of the table, for its outputs and its inputs alike, scaled so that all add up to
/// the edges wanted. Outputs are then tied to inputs by a random permutation (the configuration model), and what would be a
/// synapse on itself or a second edge of a pair is switched with random other edges until it is neither, so every neuron keeps its
/// partners exactly. Contacts of a pair are geometric with the mean that the presynaptic neuron's row has. What is not matched: which
/// neurons are reciprocal or cluster; a share of edges can be kept among neighbours in the order of neurons.</remarks>
public static class SyntheticConnectome
{
    /// <summary>Makes one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No neurons, negative edges, or more than a tenth of all ordered pairs.</exception>
    /// <remarks>O(edges), about 100 bytes an edge of scratch; one thread.</remarks>
    public static Connectome Generate(SyntheticOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Neurons, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Edges, nameof(options));
        if (options.Edges > 0.1 * options.Neurons * (options.Neurons - 1.0))
            throw new ArgumentOutOfRangeException(nameof(options), "At most a tenth of all ordered pairs may be edges.");
        if (!(options.MeanContacts >= 1) || !(options.LocalShare is >= 0 and <= 1) || options.InhibitoryShare is < 0 or > 1 || options.LocalReach < 1)
            throw new ArgumentOutOfRangeException(nameof(options), "Contacts and reach must be 1 or more, shares between 0 and 1.");
        var random = new SplitMix(options.Seed, 0);
        var (weights, means) = Propensities(options, ref random);
        int[] pre = Stubs(weights, options), post = Stubs(weights, options);
        Shuffle(post, ref random);
        if (options.LocalShare > 0)
        {
            Shuffle(pre, ref random);
            MeetNearby(pre, post, options, ref random);
        }
        Untangle(pre, post, ref random);
        var signs = Signs(options, ref random);
        var rows = new Connection[pre.Length];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = new Connection((ulong)pre[i] + 1, (ulong)post[i] + 1, Contacts(means[pre[i]], ref random), 0, 0, signs[pre[i]]);
        return Connectome.FromConnections(
            Enumerable.Range(1, options.Neurons).Select(id => new Neuron((ulong)id, 0, default, default, default)), rows);
    }

    private static (double[] Weights, double[] Means) Propensities(SyntheticOptions options, ref SplitMix random)
    {
        double[] weights = new double[options.Neurons], means = new double[options.Neurons];
        DegreeRow[] rows = options.Degrees is null ? [] : [.. options.Degrees.Rows.Where(r => r.Partners > 0)];
        for (var n = 0; n < weights.Length; n++)
        {
            if (rows.Length == 0)
            {
                var normal = Math.Sqrt(-2 * Math.Log(1 - random.Unit())) * Math.Cos(2 * Math.PI * random.Unit());
                (weights[n], means[n]) = (Math.Exp(normal), options.MeanContacts);
                continue;
            }
            var row = rows[random.Below(rows.Length)];
            (weights[n], means[n]) = (row.Partners, Math.Max(1, row.Contacts / (double)row.Partners));
        }
        return (weights, means);
    }

    /// <summary>Each neuron as often as it has edges: running sums of the weights, rounded, so that all together are exact. No neuron
    /// gets more than a quarter of the others, or its pairs could run out.</summary>
    private static int[] Stubs(double[] weights, SyntheticOptions options)
    {
        var most = Math.Max(1, options.Neurons / 4);
        var counts = new int[weights.Length];
        for (var left = options.Edges; left > 0;)
        {
            var open = 0.0;
            for (var n = 0; n < counts.Length; n++)
                if (counts[n] < most)
                    open += weights[n];
            double sum = 0, before = 0;
            var (wanted, given) = (left, 0L);
            for (var n = 0; n < counts.Length; n++)
            {
                if (counts[n] >= most) continue;
                sum += weights[n];
                var now = Math.Round(wanted * (sum / open));
                var more = (int)Math.Min(now - before, most - counts[n]);
                (before, given) = (now, given + more);
                counts[n] += more;
            }
            left -= (int)given;
        }
        var stubs = new int[options.Edges];
        for (int n = 0, at = 0; n < counts.Length; at += counts[n++]) stubs.AsSpan(at, counts[n]).Fill(n);
        return stubs;
    }

    private static void Shuffle(int[] stubs, ref SplitMix random)
    {
        for (var i = stubs.Length - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (stubs[i], stubs[j]) = (stubs[j], stubs[i]);
        }
    }

    // A share of the outputs and as many inputs, each in the order of neurons with some noise, meet in that order.
    private static void MeetNearby(int[] pre, int[] post, SyntheticOptions options, ref SplitMix random)
    {
        var count = (int)(options.LocalShare * pre.Length);
        foreach (var stubs in (int[][])[pre, post])
        {
            var places = new float[count];
            for (var i = 0; i < count; i++) places[i] = (float)(stubs[i] + (options.LocalReach / 2.0 * random.Unit()));
            Array.Sort(places, stubs, 0, count);
        }
    }

    private static sbyte[] Signs(SyntheticOptions options, ref SplitMix random)
    {
        var signs = new sbyte[options.Neurons];
        if (options.InhibitoryShare is { } share)
            for (var n = 0; n < signs.Length; n++) signs[n] = (sbyte)(random.Unit() < share ? -1 : 1);
        return signs;
    }

    private static void Untangle(int[] pre, int[] post, ref SplitMix random)
    {
        var pairs = new PairSet(pre.Length);
        var tangled = new List<int>();
        for (var edge = 0; edge < pre.Length; edge++)
            if (pre[edge] == post[edge] || !pairs.Add(pre[edge], post[edge]))
                tangled.Add(edge);
        var isTangled = new bool[pre.Length];
        foreach (var edge in tangled) isTangled[edge] = true;
        foreach (var edge in tangled)
            while (isTangled[edge])
            {
                var other = random.Below(pre.Length);
                int a = pre[edge], b = post[edge], c = pre[other], d = post[other];
                if (isTangled[other] || a == d || c == b || a == c || b == d || pairs.Contains(a, d) || pairs.Contains(c, b)) continue;
                pairs.Remove(c, d);
                pairs.Add(a, d);
                pairs.Add(c, b);
                (post[edge], post[other]) = (d, b);
                isTangled[edge] = false;
            }
    }

    // Geometric from 1: each further contact with the chance 1 - 1 / mean.
    private static int Contacts(double mean, ref SplitMix random) =>
        mean <= 1 ? 1 : 1 + (int)Math.Min(1e6, Math.Floor(Math.Log(1 - random.Unit()) / Math.Log(1 - 1 / mean)));
}
