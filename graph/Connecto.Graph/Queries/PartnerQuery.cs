using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>A neuron that a set of neurons is connected with, in one direction.</summary>
/// <param name="Neuron">Its index.</param>
/// <param name="Members">How many neurons of the set it is connected with.</param>
/// <param name="Contacts">Contacts of all these connections.</param>
/// <param name="Size">Cleft voxels of all these contacts.</param>
/// <param name="Fraction">Its share of all contacts of the set in this direction, 0 to 1; partners inside the set count.</param>
public readonly record struct Partner(int Neuron, int Members, long Contacts, long Size, double Fraction);

/// <summary>Partners of neurons, read from the rows of the connectome.</summary>
public static class PartnerQuery
{
    /// <summary>All partners of a set of neurons.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="set">Neuron indices; repeated ones count once.</param>
    /// <param name="direction">Out for those downstream, In for those upstream.</param>
    /// <returns>Every partner once, those with the most contacts first, equal ones ascending by index.</returns>
    /// <remarks>O(edges) for one neuron; O(edges + partners log partners) for several.</remarks>
    public static Partner[] Of(Connectome connectome, IEnumerable<int> set, Direction direction)
    {
        int[] members = [.. set.Distinct()];
        return members.Length == 1
            ? PartnersOfOne.Strongest(connectome, members[0], direction)
            : OfMany(connectome, members, direction);
    }

    /// <summary>The partners that several neurons of a set share.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="set">Neuron indices; repeated ones count once.</param>
    /// <param name="direction">Out for common targets, In for common inputs.</param>
    /// <param name="atLeast">The least number of neurons of the set that share a partner; null = all of them.</param>
    /// <returns>As for <see cref="Of"/>, but those of the most members first; fractions are of all contacts of the set.</returns>
    public static Partner[] Common(Connectome connectome, IEnumerable<int> set, Direction direction, int? atLeast = null)
    {
        int[] members = [.. set.Distinct()];
        var least = atLeast ?? members.Length;
        if (members.Length == 1 && least <= 1) return Of(connectome, members, direction);
        return [.. Of(connectome, members, direction).Where(p => p.Members >= least).OrderByDescending(p => p.Members)];
    }

    private static Partner[] OfMany(Connectome c, int[] members, Direction direction)
    {
        ReadOnlySpan<int> contacts = c.ContactCounts;
        ReadOnlySpan<long> sizes = c.Sizes;
        var sums = new Dictionary<int, Partner>();
        var total = 0L;
        foreach (var neuron in members)
        {
            var partners = c.Partners(neuron, direction);
            for (var k = 0; k < partners.Length; k++)
            {
                var edge = c.EdgeTo(neuron, direction, k);
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, partners[k], out _);
                sum = new Partner(
                    partners[k], sum.Members + 1, sum.Contacts + contacts[edge], sum.Size + sizes[edge], 0);
                total += contacts[edge];
            }
        }
        Partner[] found = [.. sums.Values];
        for (var i = 0; i < found.Length; i++) found[i] = found[i] with { Fraction = found[i].Contacts / (double)total };
        Array.Sort(found, static (a, b) => a.Contacts != b.Contacts ? b.Contacts.CompareTo(a.Contacts) : a.Neuron.CompareTo(b.Neuron));
        return found;
    }
}
