namespace Connecto.Graph;

/// <summary>How PageRank is reckoned.</summary>
public sealed record PageRankOptions
{
    /// <summary>Chance to follow an edge instead of going to any neuron.</summary>
    public double Damping { get; init; } = 0.85;

    /// <summary>Ends when the ranks of all neurons together change by less.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>Rounds after which it ends in any case.</summary>
    public int MaxRounds { get; init; } = 1000;

    /// <summary>What an edge counts for among the edges out of its neuron.</summary>
    public EdgeWeight Weight { get; init; } = EdgeWeight.Contacts;
}

/// <summary>What an edge weighs.</summary>
public enum EdgeWeight
{
    /// <summary>Its contacts.</summary>
    Contacts,

    /// <summary>1, however many contacts.</summary>
    One,
}

/// <summary>PageRank (Brin and Page 1998) by the power method: where an impulse is found that follows edges by their contacts and
/// now and then starts anew anywhere. Neurons without targets send it anywhere.</summary>
public static class PageRank
{
    /// <summary>The rank of every neuron; they add up to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The damping is not from 0 to below 1.</exception>
    /// <remarks>O(rounds * edges). Each neuron sums its inputs in the order of their index, so the result is the same each time.</remarks>
    public static double[] Of(Connectome connectome, PageRankOptions? options = null)
    {
        options ??= new();
        if (!(options.Damping is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(options), $"The damping must be from 0 to below 1, but is {options.Damping}.");
        var n = connectome.NeuronCount;
        var (share, ranks, next) = (Shares(connectome, options.Weight), new double[n], new double[n]);
        Array.Fill(ranks, 1.0 / n);
        var change = double.PositiveInfinity;
        for (var round = 0; round < options.MaxRounds && change >= options.Tolerance; round++)
        {
            var idle = 0.0;
            for (var i = 0; i < n; i++)
                if (share[i] == 0)
                    idle += ranks[i];
            change = Step(connectome, options, share, ranks, next, (1 - options.Damping + options.Damping * idle) / n);
            (ranks, next) = (next, ranks);
        }
        return ranks;
    }

    private static double Step(Connectome c, PageRankOptions options, double[] share, double[] ranks, double[] next, double anywhere)
    {
        var change = 0.0;
        var contacts = c.ContactCounts;
        for (var post = 0; post < next.Length; post++)
        {
            var sum = 0.0;
            var inputs = c.Partners(post, Direction.In);
            for (var k = 0; k < inputs.Length; k++)
            {
                var weight = options.Weight == EdgeWeight.One ? 1 : contacts[c.EdgeTo(post, Direction.In, k)];
                sum += ranks[inputs[k]] * share[inputs[k]] * weight;
            }
            next[post] = anywhere + options.Damping * sum;
            change += Math.Abs(next[post] - ranks[post]);
        }
        return change;
    }

    // 1 / the weight of all edges out of a neuron; 0 without any.
    private static double[] Shares(Connectome c, EdgeWeight weight)
    {
        var sums = new double[c.NeuronCount];
        ReadOnlySpan<int> pre = c.Pre, contacts = c.ContactCounts;
        for (var edge = 0; edge < pre.Length; edge++) sums[pre[edge]] += weight == EdgeWeight.One ? 1 : contacts[edge];
        for (var i = 0; i < sums.Length; i++) sums[i] = sums[i] == 0 ? 0 : 1 / sums[i];
        return sums;
    }
}
