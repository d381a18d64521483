using System.CommandLine;
using Connecto.BrainNetworks;
using Connecto.Cli.Questions;
using Connecto.Graph;

namespace Connecto.Cli;

/// <summary>The flags that say how edges become weights.</summary>
internal sealed class RecipeOptions
{
    private readonly Option<string?> _weight = new("--weight") { Description = "What a connection's contacts become: contacts (their number), size (summed) or score (mean). Default: contacts." };
    private readonly Option<double?> _threshold = new("--threshold") { Description = "Leave out connections of a smaller weight, before sign and scaling. Default: 0." };
    private readonly Option<string?> _sign = new("--sign")
    {
        Description = "unsigned; fraction: drawn for every neuron; edges: as the connectome has them; transmitters: GABA and glutamate " +
            "inhibit, others excite, unless --transmitters says otherwise. Default: unsigned.",
    };
    private readonly Option<double?> _fraction = new("--excitatory-fraction") { Description = "Share of excitatory neurons for --sign fraction, 0 to 1. Default: 0.8." };
    private readonly Option<string[]> _transmitters = new("--transmitters")
    {
        Description = "CSV tables id,transmitter or transmitter,sign for --sign transmitters.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string?> _column = new("--transmitter-column") { Description = "The label column with transmitters. Default: transmitter." };
    private readonly Option<string?> _scaling = new("--scaling") { Description = "spectral (radius; layers take in-degree), in-degree or none. Default: spectral." };
    private readonly Option<double?> _gain = new("--gain") { Description = "What scaling aims at. Default: 0.9." };
    private readonly Option<string?> _order = new("--order") { Description = "Numbers of neurons: id, rcm (reverse Cuthill-McKee) or community. Default: id." };
    private readonly Option<string?> _layers = new("--layers") { Description = "Layers by hops (fewest connections from an input) or longest (most, cycles in one layer). Default: hops." };

    public IEnumerable<Option> All => [_weight, _threshold, _sign, _fraction, _transmitters, _column, _scaling, _gain, _order, _layers];

    /// <summary>The tables of transmitters, full paths; null where none was named.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public string[]? Tables(ParseResult parse)
    {
        if (parse.GetValue(_transmitters) is not { Length: > 0 } named) return null;
        foreach (var path in named)
            if (!File.Exists(path)) throw new FileNotFoundException($"--transmitters '{path}' does not exist; no network was made.", path);
        return [.. named.Select(Path.GetFullPath)];
    }

    /// <summary>A recipe with the flags that were given laid over.</summary>
    /// <exception cref="InvalidDataException">A flag has no sense.</exception>
    public NetworkRecipe Apply(NetworkRecipe recipe, ParseResult parse)
    {
        recipe = recipe with
        {
            Weight = Choice.Of(parse, _weight, ("", recipe.Weight), ("contacts", WeightSource.Contacts), ("size", WeightSource.SummedSize), ("score", WeightSource.MeanScore)),
            Threshold = parse.GetValue(_threshold) ?? recipe.Threshold,
            Sign = Choice.Of(
                parse, _sign, ("", recipe.Sign), ("unsigned", SignRule.Unsigned), ("fraction", SignRule.ExcitatoryFraction),
                ("edges", SignRule.Edges), ("transmitters", SignRule.Transmitters)),
            ExcitatoryFraction = parse.GetValue(_fraction) ?? recipe.ExcitatoryFraction,
            Scaling = Choice.Of(
                parse, _scaling, ("", recipe.Scaling), ("spectral", ScalingRule.SpectralRadius), ("in-degree", ScalingRule.InDegree), ("none", ScalingRule.None)),
            Gain = parse.GetValue(_gain) ?? recipe.Gain,
            Order = Choice.Of(parse, _order, ("", recipe.Order), ("id", OrderRule.ById), ("rcm", OrderRule.ReverseCuthillMcKee), ("community", OrderRule.Community)),
            Layers = Choice.Of(parse, _layers, ("", recipe.Layers), ("hops", LayerRule.HopDistance), ("longest", LayerRule.LongestPath)),
        };
        if (parse.GetValue(_column) is { } column) recipe = recipe with { Transmitters = (recipe.Transmitters ?? new()) with { Column = column } };
        return recipe with { Name = NameOf(recipe) };
    }

    // "contacts", "contacts-transmitters-rcm": what differs from the plainest.
    private static string NameOf(NetworkRecipe recipe) => string.Join('-', ((string[])
    [
        recipe.Weight switch { WeightSource.SummedSize => "summed-sizes", WeightSource.MeanScore => "mean-scores", _ => "contacts" },
        recipe.Sign switch { SignRule.ExcitatoryFraction => "fraction", SignRule.Edges => "edges", SignRule.Transmitters => "transmitters", _ => "" },
        recipe.Order switch { OrderRule.ReverseCuthillMcKee => "rcm", OrderRule.Community => "community", _ => "" },
    ]).Where(part => part.Length > 0));
}
