using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>Which partners are compared.</summary>
public enum SimilaritySide
{
    /// <summary>Contacts made, by target.</summary>
    Outputs,

    /// <summary>Contacts received, by source.</summary>
    Inputs,

    /// <summary>Both, one behind the other.</summary>
    Both,
}

/// <summary>How alike the connections of a neuron are to another's.</summary>
/// <param name="Neuron">The other neuron's index.</param>
/// <param name="Cosine">Above 0, to 1.</param>
/// <param name="SharedPartners">Partners in common, counted a side.</param>
public readonly record struct SimilarNeuron(int Neuron, double Cosine, int SharedPartners);

/// <summary>Cosine between the rows of contacts of two neurons: their inner product / (root of the sums of squares). Only
/// neurons with a partner in common are visited, by the rows of these partners, so nothing is compared that is 0.</summary>
/// <remarks>Products and squares are summed as whole numbers, so the result depends on no order.</remarks>
public static class ConnectivitySimilarity
{
    /// <summary>All neurons that share a partner with a neuron.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="neuron">Its index.</param>
    /// <param name="side">Which partners are compared.</param>
    /// <returns>The others, the most alike first, equal ones ascending by index.</returns>
    /// <exception cref="OverflowException">Squares of contacts add up to more than 2^63.</exception>
    /// <remarks>O(sum over partners of their degree + sum over found neurons of theirs).</remarks>
    public static SimilarNeuron[] To(Connectome connectome, int neuron, SimilaritySide side)
    {
        var products = new Dictionary<int, (long Product, int Shared)>();
        foreach (var direction in Directions(side)) AddProducts(connectome, neuron, direction, products);
        var own = Squares(connectome, neuron, side);
        products.Remove(neuron);
        SimilarNeuron[] found = [.. products.Select(p => new SimilarNeuron(
            p.Key, Cosine(p.Value.Product, own, Squares(connectome, p.Key, side)), p.Value.Shared))];
        Array.Sort(found, static (a, b) => a.Cosine != b.Cosine ? b.Cosine.CompareTo(a.Cosine) : a.Neuron.CompareTo(b.Neuron));
        return found;
    }

    /// <summary>Every two neurons of a set.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="set">Neuron indices, each once.</param>
    /// <param name="side">Which partners are compared.</param>
    /// <returns>A square, rows and columns in the order of the set; 1 on the diagonal, or 0 for a neuron without partners.</returns>
    /// <remarks>O(sum over the set of what <see cref="To"/> costs).</remarks>
    public static double[,] Matrix(Connectome connectome, IReadOnlyList<int> set, SimilaritySide side)
    {
        var place = new Dictionary<int, int>();
        for (var i = 0; i < set.Count; i++) place[set[i]] = i;
        var matrix = new double[set.Count, set.Count];
        long[] squares = [.. set.Select(neuron => Squares(connectome, neuron, side))];
        for (var i = 0; i < set.Count; i++)
        {
            var products = new Dictionary<int, (long Product, int Shared)>();
            foreach (var direction in Directions(side)) AddProducts(connectome, set[i], direction, products);
            foreach (var (other, value) in products)
                if (place.TryGetValue(other, out var j))
                    matrix[i, j] = i == j ? 1 : Cosine(value.Product, squares[i], squares[j]);
        }
        return matrix;
    }

    private static double Cosine(long product, long a, long b) => Math.Min(1, product / Math.Sqrt((double)a * b));

    private static Direction[] Directions(SimilaritySide side) => side switch
    {
        SimilaritySide.Outputs => [Direction.Out],
        SimilaritySide.Inputs => [Direction.In],
        _ => [Direction.Out, Direction.In],
    };

    private static void AddProducts(
        Connectome c, int neuron, Direction direction, Dictionary<int, (long Product, int Shared)> products)
    {
        var back = direction == Direction.Out ? Direction.In : Direction.Out;
        var partners = c.Partners(neuron, direction);
        var contacts = c.ContactCounts;
        for (var k = 0; k < partners.Length; k++)
        {
            long weight = contacts[c.EdgeTo(neuron, direction, k)];
            var others = c.Partners(partners[k], back);
            for (var j = 0; j < others.Length; j++)
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(products, others[j], out _);
                sum = (checked(sum.Product + weight * contacts[c.EdgeTo(partners[k], back, j)]), sum.Shared + 1);
            }
        }
    }

    private static long Squares(Connectome c, int neuron, SimilaritySide side)
    {
        var sum = 0L;
        foreach (var direction in Directions(side))
            for (var k = 0; k < c.Degree(neuron, direction); k++)
            {
                long contacts = c.ContactCounts[c.EdgeTo(neuron, direction, k)];
                sum = checked(sum + contacts * contacts);
            }
        return sum;
    }
}
