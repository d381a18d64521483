using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>The clefts and parts of clefts that one block holds, with their votes.</summary>
public sealed class CleftParts
{
    private readonly List<CleftPart> _parts;

    internal CleftParts(BlockFrame frame, List<CleftPart> parts) => (Block, _parts) = (frame.Block, parts);

    /// <summary>The block's number.</summary>
    public int Block { get; }

    /// <summary>Number of clefts and parts of clefts.</summary>
    public int Count => _parts.Count;

    /// <summary>Joins the parts that touch across block faces, edges and corners; the parts are used up.</summary>
    internal static List<CleftPart> Join(IEnumerable<CleftParts> blocks)
    {
        var parts = blocks.OrderBy(b => b.Block).SelectMany(b => b._parts).ToArray();
        var parents = Enumerable.Range(0, parts.Length).ToArray();
        var skin = new Dictionary<Index3, int>();
        for (var i = 0; i < parts.Length; i++)
            foreach (var at in parts[i].Skin)
                skin[at] = i;
        foreach (var (at, part) in skin)
            foreach (var step in CleftLabels.Steps)
                if (skin.TryGetValue(at + step, out var other))
                    Unite(part, other);

        var clefts = new List<CleftPart>();
        for (var i = 0; i < parts.Length; i++)
            if (Root(i) == i) clefts.Add(parts[i]);
            else parts[Root(i)].Add(parts[i]);
        return clefts;

        void Unite(int a, int b)
        {
            (a, b) = (Root(a), Root(b));
            if (a != b) parents[Math.Max(a, b)] = Math.Min(a, b);
        }

        int Root(int at)
        {
            while (parents[at] != at) at = parents[at] = parents[parents[at]];
            return at;
        }
    }
}
