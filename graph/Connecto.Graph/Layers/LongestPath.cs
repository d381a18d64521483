namespace Connecto.Graph;

/// <summary>Longest path from the inputs. Edges into inputs are set aside; what remains is condensed to its strong
/// components (Tarjan 1972), which he yields last first, so walking them backward is a topological order and one
/// relaxation an edge is enough. What was given up: neurons of a cycle are not ordered among themselves.</summary>
internal static class LongestPath
{
    public static int[] From(Connectome connectome, bool[] isInput)
    {
        var (component, order) = StrongComponents.Find(connectome, isInput);
        var componentLayer = new int[order.Length == 0 ? 0 : component.Max() + 1];
        Array.Fill(componentLayer, -1);
        for (var n = 0; n < isInput.Length; n++)
            if (isInput[n])
                componentLayer[component[n]] = 0;
        for (var i = order.Length - 1; i >= 0; i--)
        {
            var from = component[order[i]];
            if (componentLayer[from] < 0) continue;
            foreach (var next in connectome.Partners(order[i], Direction.Out))
            {
                var to = component[next];
                if (to != from && !isInput[next])
                    componentLayer[to] = Math.Max(componentLayer[to], componentLayer[from] + 1);
            }
        }
        return [.. component.Select(c => componentLayer[c])];
    }
}
