using Connecto.BrainNetworks;
using Connecto.Graph;

namespace Connecto.Cli;

/// <summary>How connectomes become spiking networks.</summary>
internal static class Spiking
{
    /// <summary>Contacts with the connectome's own signs; where it knows none, neurons are drawn: 80 % excite, or so many as are asked for.</summary>
    public static NetworkRecipe RecipeOf(Connectome connectome, double? excitatory = null, int seed = 0) =>
        excitatory is null && !connectome.Signs.IsEmpty
            ? NetworkRecipe.SignedContacts
            : NetworkRecipe.SignedContacts with
            {
                Name = "drawn-signs",
                Sign = SignRule.ExcitatoryFraction,
                ExcitatoryFraction = excitatory ?? 0.8,
                Seed = seed,
            };

    /// <summary>Contacts with the signs of transmitters.</summary>
    public static NetworkRecipe RecipeOf(TransmitterRule rule) =>
        NetworkRecipe.SignedContacts with { Name = "contacts-transmitters", Sign = SignRule.Transmitters, Transmitters = rule };

    /// <summary>The recipe's signs in a sentence.</summary>
    public static string Rule(NetworkRecipe recipe) => recipe.Sign switch
    {
        SignRule.Edges => "signs of the connectome's edges; an edge without one excites",
        SignRule.Transmitters => "signs of the neurons' transmitters; a neuron without one excites",
        _ => FormattableString.Invariant($"signs drawn a neuron from its id: {recipe.ExcitatoryFraction:0.##%} excite, seed {recipe.Seed}"),
    };
}
