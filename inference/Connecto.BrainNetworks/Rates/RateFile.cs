using System.Runtime.InteropServices;
using System.Text.Json;
using Connecto.Graph;

namespace Connecto.BrainNetworks;

/// <summary>A run's rates on disk: rates.npy, float32, shape (steps, neurons), and rates.json, in the network's folder.</summary>
public static class RateFile
{
    /// <summary>Runs a network and writes its rates while it runs; both files are whole or absent.</summary>
    /// <param name="folder">The network's folder; must exist.</param>
    /// <param name="network">The network in that folder.</param>
    /// <param name="options">The run.</param>
    /// <param name="cancellation">Checked at every step; older files stay as they were.</param>
    /// <exception cref="InvalidDataException">As for <see cref="RateRun.Run"/>.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static RateSummary Write(
        string folder, BrainNetwork network, RateOptions options, CancellationToken cancellation = default)
    {
        options.Check();
        var rates = Path.Combine(folder, "rates.npy");
        var json = Path.ChangeExtension(rates, ".json");
        try
        {
            RateSummary summary;
            using (var stream = new FileStream(rates + ".tmp", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                stream.Write(NpyHeader.Of("<f4", options.Steps, network.Neurons.Length));
                summary = RateRun.Run(network, options, (_, row) => stream.Write(MemoryMarshal.AsBytes(row)), cancellation);
                stream.Flush(flushToDisk: true);
            }
            using (var stream = new FileStream(json + ".tmp", FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(stream, new RateDocument(options, summary), GraphJson.Options);
                stream.Flush(flushToDisk: true);
            }
            File.Move(rates + ".tmp", rates, overwrite: true);
            File.Move(json + ".tmp", json, overwrite: true);
            return summary;
        }
        finally
        {
            File.Delete(rates + ".tmp");
            File.Delete(json + ".tmp");
        }
    }

    private sealed record RateDocument(RateOptions Run, RateSummary Summary);
}
