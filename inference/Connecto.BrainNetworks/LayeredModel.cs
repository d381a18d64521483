using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>What a layered network yields as a model of the engine.</summary>
public enum LayeredOutput
{
    /// <summary>The activities of the last layer.</summary>
    LastLayer,

    /// <summary>The activities of all layers behind the inputs, one after the other, in the network's order.</summary>
    AllLayers,
}

/// <summary>A layered network as an ordinary model of the engine: a linear node and a rectification a layer. The engine's
/// planner then chooses how each layer runs.</summary>
public static class LayeredModel
{
    /// <summary>Makes the model: activity of a layer = max(0, weights * activity of all earlier layers).</summary>
    /// <param name="network">A layered network.</param>
    /// <param name="output">What it yields.</param>
    /// <returns>Inputs are the neurons of layer 0, in the network's order. An edge that skips layers is a weight of the linear
    /// node that reads both layers' activities (Concat); a layer is only read where an edge leads from it. Linear nodes are named
    /// as the network's layers, and have no bias (0).</returns>
    /// <exception cref="InvalidDataException">The network is recurrent, has no layer behind its inputs, or a layer has 2^31
    /// places or more: tensors of models hold zeros too, 4 bytes a place.</exception>
    public static NetworkModel Of(BrainNetwork network, LayeredOutput output = LayeredOutput.LastLayer)
    {
        if (network.Recipe.Form != NetworkForm.Layered || network.Layers.Count == 0)
            throw new InvalidDataException("Only a network of at least two layers can become a model; make it with the form layered. No model was made.");
        var blocks = Blocks(network);
        List<NetworkNode> nodes = [];
        List<Tensor> tensors = [];
        for (var l = 0; l < network.Layers.Count; l++)
        {
            var layer = network.Layers[l];
            var read = Read(layer, blocks[..(l + 1)]);
            var source = Joined(nodes, $"{layer.Name}.inputs", read);
            nodes.Add(new NetworkNode
            {
                Name = layer.Name,
                Operator = NetworkOperator.Linear,
                Inputs = [source],
                Channels = layer.Weights.Rows,
            });
            nodes.Add(new NetworkNode { Name = blocks[l + 1].Name, Operator = NetworkOperator.Relu, Inputs = [layer.Name] });
            tensors.Add(Weights(layer, read));
            tensors.Add(new Tensor($"{layer.Name}.bias", [layer.Weights.Rows], new float[layer.Weights.Rows]));
        }
        var result = output == LayeredOutput.LastLayer ? blocks[^1].Name : Joined(nodes, "all-layers", blocks[1..]);
        return new NetworkModel(blocks[0].Count, nodes, result, tensors);
    }

    /// <summary>The layers' activities: where each begins in the network's order, and the node that yields it.</summary>
    private static Block[] Blocks(BrainNetwork network) =>
    [
        new(NetworkModel.InputName, 0, network.Layers[0].FirstRow),
        .. network.Layers.Select(layer => new Block($"{layer.Name}.rates", layer.FirstRow, layer.Weights.Rows)),
    ];

    private static Block[] Read(NetworkLayer layer, Block[] earlier)
    {
        var used = new bool[layer.Weights.Columns];
        foreach (var column in layer.Weights.ColumnIndices) used[column] = true;
        Block[] read = [.. earlier.Where(b => used.AsSpan(b.First, b.Count).Contains(true))];
        return read.Length > 0 ? read : [earlier[^1]];
    }

    private static string Joined(List<NetworkNode> nodes, string name, Block[] blocks)
    {
        if (blocks.Length == 1) return blocks[0].Name;
        nodes.Add(new NetworkNode { Name = name, Operator = NetworkOperator.Concat, Inputs = [.. blocks.Select(b => b.Name)] });
        return name;
    }

    private static Tensor Weights(NetworkLayer layer, Block[] read)
    {
        var (rows, columns) = (layer.Weights.Rows, read.Sum(b => b.Count));
        if ((long)rows * columns > Array.MaxLength)
            throw new InvalidDataException(
                $"{layer.Name} has {rows} x {columns} places, more than a tensor of a model holds; its sparse layers run without one. No model was made.");
        var placeOf = new int[layer.Weights.Columns];
        var at = 0;
        foreach (var block in read)
            for (var i = 0; i < block.Count; i++) placeOf[block.First + i] = at++;
        var dense = new float[rows * columns];
        for (var row = 0; row < rows; row++)
            for (var i = layer.Weights.RowStarts[row]; i < layer.Weights.RowStarts[row + 1]; i++)
                dense[row * columns + placeOf[layer.Weights.ColumnIndices[i]]] = layer.Weights.Values[i];
        return new Tensor($"{layer.Name}.weight", [rows, columns], dense);
    }

    private sealed record Block(string Name, int First, int Count);
}
