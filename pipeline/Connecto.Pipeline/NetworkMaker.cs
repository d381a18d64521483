using Connecto.BrainNetworks;
using Connecto.Graph;

namespace Connecto.Pipeline;

/// <summary>How a connectome is to become networks.</summary>
public sealed record NetworkRequest
{
    /// <summary>Weights, signs, scale, order and layers; its form and inputs are set by what is made.</summary>
    public NetworkRecipe Recipe { get; init; } = new();

    /// <summary>Tables of transmitters, laid over the recipe's rule.</summary>
    public IReadOnlyList<string> TransmitterTables { get; init; } = [];

    /// <summary>Ids of the neurons that layers start from and that are driven; may be empty.</summary>
    public required IReadOnlyList<ulong> Inputs { get; init; }

    /// <summary>Steps of the rate run.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Threads of the rate run; the rates do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}

/// <summary>What was made of a connectome.</summary>
/// <param name="Recurrent">All edges, one matrix.</param>
/// <param name="Layered">Layers from the inputs; null without inputs.</param>
/// <param name="Rates">A run of the recurrent network.</param>
public sealed record MadeNetworks(BrainNetwork Recurrent, BrainNetwork? Layered, RateSummary Rates);

/// <summary>Makes the networks of a connectome and writes them, for runs and for imported connectomes alike.</summary>
public static class NetworkMaker
{
    /// <summary>The folder of the layered network, within that of the recurrent one.</summary>
    public const string LayeredFolder = "layered";

    /// <summary>Writes the recurrent network with the rates of a run into a folder, and the layered one into layered/ in it.</summary>
    /// <param name="connectome">The graph.</param>
    /// <param name="request">How.</param>
    /// <param name="folder">The network's folder; one that is there is replaced.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="InvalidDataException">The recipe, a table or an input is wrong; the folder is as it was.</exception>
    public static MadeNetworks Make(Connectome connectome, NetworkRequest request, string folder, CancellationToken cancellation)
    {
        var recipe = Resolve(request) with { Inputs = request.Inputs, Form = NetworkForm.Recurrent };
        var recurrent = BrainNetwork.From(connectome, recipe);
        // Layers have no cycles, so there is no spectral radius; every neuron's inputs are scaled instead.
        var layered = request.Inputs.Count == 0 ? null : BrainNetwork.From(connectome, recipe with
        {
            Form = NetworkForm.Layered,
            Scaling = recipe.Scaling == ScalingRule.SpectralRadius ? ScalingRule.InDegree : recipe.Scaling,
        });
        BrainNetworkFiles.Save(recurrent, folder);
        var rates = RateFile.Write(folder, recurrent, new RateOptions
        {
            Steps = request.Steps,
            Inputs = request.Inputs,
            Threads = request.Threads,
        }, cancellation);
        if (layered is not null) BrainNetworkFiles.Save(layered, Path.Combine(folder, LayeredFolder));
        return new MadeNetworks(recurrent, layered, rates);
    }

    /// <summary>The recipe with what its tables say.</summary>
    /// <exception cref="InvalidDataException">A table cannot be read; nothing was made.</exception>
    internal static NetworkRecipe Resolve(NetworkRequest request) => request.TransmitterTables.Count == 0
        ? request.Recipe
        : request.Recipe with { Transmitters = TransmitterTable.Read(request.Recipe.Transmitters ?? new(), request.TransmitterTables) };
}
