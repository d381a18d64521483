namespace Connecto.Graph;

/// <summary>Parts of the graph in which every neuron reaches every other along the direction of edges.</summary>
public static class StrongParts
{
    /// <summary>The part of every neuron, 0..k-1, numbered by their first neuron; O(neurons + edges).</summary>
    public static int[] Label(Connectome connectome)
    {
        var (component, _) = StrongComponents.Find(connectome, new bool[connectome.NeuronCount]);
        var numbers = new int[component.Length];
        Array.Fill(numbers, -1);
        var next = 0;
        for (var n = 0; n < component.Length; n++)
        {
            ref var number = ref numbers[component[n]];
            if (number < 0) number = next++;
            component[n] = number;
        }
        return component;
    }
}
