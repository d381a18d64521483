namespace Connecto.Graph;

/// <summary>Breadth-first search from all inputs at once: a neuron's layer is the wave that first reaches it.</summary>
internal static class HopDistance
{
    public static int[] From(Connectome connectome, bool[] isInput)
    {
        var layer = new int[isInput.Length];
        var queue = new int[isInput.Length];
        var end = 0;
        for (var n = 0; n < layer.Length; n++)
        {
            layer[n] = isInput[n] ? 0 : -1;
            if (isInput[n]) queue[end++] = n;
        }
        for (var head = 0; head < end; head++)
            foreach (var next in connectome.Partners(queue[head], Direction.Out))
            {
                if (layer[next] >= 0) continue;
                layer[next] = layer[queue[head]] + 1;
                queue[end++] = next;
            }
        return layer;
    }
}
