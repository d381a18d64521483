using System.Runtime.InteropServices;
using Connecto.Graph;
using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>Cuts the connectome's edges into layers of weights, unscaled, with their synapses.</summary>
internal sealed class WeightRows
{
    private readonly Connectome _connectome;
    private readonly NetworkRecipe _recipe;
    private readonly int[] _order;
    private readonly int[] _placeOf;
    private readonly NeuronSigns _signs;

    public WeightRows(Connectome connectome, NetworkRecipe recipe, NeuronSigns signs, int[] order)
    {
        (_connectome, _recipe, _signs, _order) = (connectome, recipe, signs, order);
        _placeOf = new int[connectome.NeuronCount];
        Array.Fill(_placeOf, -1);
        for (var place = 0; place < order.Length; place++) _placeOf[order[place]] = place;
    }

    public int BelowThreshold { get; private set; }

    /// <summary>Rows for the neurons at places first to first + rows; columns for those before <paramref name="columns"/>.</summary>
    public NetworkLayer Layer(string name, int first, int rows, int columns)
    {
        List<int> indices = [], edges = [];
        var starts = new int[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            Row(_order[first + row], columns, indices, edges);
            starts[row + 1] = indices.Count;
        }
        var values = new float[edges.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(Weight(edges[i]) * _signs.OfEdge(edges[i]));
        var (synapseStarts, synapseIds) = Synapses(edges);
        var weights = new CsrMatrix(rows, columns, starts, [.. indices], values);
        return new NetworkLayer(name, first, weights, synapseStarts, synapseIds);
    }

    private void Row(int neuron, int columns, List<int> indices, List<int> edges)
    {
        var begin = indices.Count;
        var partners = _connectome.Partners(neuron, Direction.In);
        for (var k = 0; k < partners.Length; k++)
        {
            var place = _placeOf[partners[k]];
            if (place < 0 || place >= columns) continue;
            var edge = _connectome.EdgeTo(neuron, Direction.In, k);
            if (Weight(edge) < _recipe.Threshold)
            {
                BelowThreshold++;
                continue;
            }
            indices.Add(place);
            edges.Add(edge);
        }
        CollectionsMarshal.AsSpan(indices)[begin..].Sort(CollectionsMarshal.AsSpan(edges)[begin..]);
    }

    private double Weight(int edge) => _recipe.Weight switch
    {
        WeightSource.SummedSize => _connectome.Sizes[edge],
        WeightSource.MeanScore => _connectome.Scores[edge],
        _ => _connectome.ContactCounts[edge],
    };

    private (int[] Starts, ulong[] Ids) Synapses(List<int> edges)
    {
        var starts = new int[edges.Count + 1];
        for (var i = 0; i < edges.Count; i++) starts[i + 1] = starts[i] + _connectome.Contacts(edges[i]).Length;
        var ids = new ulong[starts[^1]];
        for (var i = 0; i < edges.Count; i++)
        {
            var next = starts[i];
            foreach (var row in _connectome.Contacts(edges[i])) ids[next++] = _connectome.Synapses.Ids[row];
        }
        return (starts, ids);
    }
}
