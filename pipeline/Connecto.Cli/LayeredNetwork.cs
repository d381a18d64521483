using Connecto.BrainNetworks;
using Connecto.Pipeline;

namespace Connecto.Cli;

/// <summary>The layered network of a directory.</summary>
internal static class LayeredNetwork
{
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static BrainNetwork Load(RunDirectory run)
    {
        var folder = Path.Combine(run.Network, NetworkMaker.LayeredFolder);
        return Directory.Exists(folder) ? BrainNetworkFiles.Load(folder) : throw new InvalidDataException(
            $"'{run.Root}' has no network/{NetworkMaker.LayeredFolder}; run `connecto network` on it first, with --inputs if its graph has no pure senders. Nothing was done.");
    }
}
