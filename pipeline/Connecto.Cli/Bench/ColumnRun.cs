using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Connecto.BrainNetworks;

namespace Connecto.Cli.Bench;

/// <summary>What is done to the network.</summary>
/// <param name="Seconds">Biological time.</param>
/// <param name="Driven">Neighbouring neurons that are driven.</param>
/// <param name="RateHz">How often each.</param>
/// <param name="Threads">Threads.</param>
internal sealed record ColumnDrive(double Seconds, int Driven, double RateHz, int Threads);

/// <summary>What one run of a network did and read.</summary>
/// <param name="Spikes">All spikes.</param>
/// <param name="ActiveNeurons">Neurons that spiked.</param>
/// <param name="Events">Entries of columns that were carried.</param>
/// <param name="Digest">SHA-256 of all spikes, in order.</param>
/// <param name="Seconds">Time of the run.</param>
/// <param name="ColumnBytes">Bytes of the columns of neurons that spiked, each once.</param>
/// <param name="ReadBytes">Bytes that the process read from storage during the run; null where the system does not tell.</param>
/// <param name="PeakMemoryBytes">Most memory that the process held, mapped pages included.</param>
internal sealed record ColumnRun(
    long Spikes, int ActiveNeurons, long Events, string Digest, double Seconds, long ColumnBytes, long? ReadBytes, long PeakMemoryBytes)
{
    /// <summary>Runs the whole-brain model with some neighbouring neurons driven.</summary>
    /// <param name="columns">The network.</param>
    /// <param name="bytesOf">Bytes of a neuron's column.</param>
    /// <param name="drive">What is done to it.</param>
    /// <param name="exchange">The processes that share it out; null for this one alone.</param>
    /// <param name="cancellation">Stops the run.</param>
    public static ColumnRun Of(
        SynapseColumns columns, Func<int, long> bytesOf, ColumnDrive drive, ISpikeExchange? exchange, CancellationToken cancellation)
    {
        var driven = Math.Min(drive.Driven, columns.Neurons);
        var inputs = new SpikeInputs
        {
            Poisson = [.. Enumerable.Range(0, driven).Select(n => new PoissonInput(n, drive.RateHz, PoissonInput.DefaultJumpMv, (ulong)n))],
        };
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (before, clock) = (StorageReads(), Stopwatch.StartNew());
        var options = new SpikeOptions { Seconds = drive.Seconds, Threads = drive.Threads };
        var summary = exchange is null
            ? SpikeRun.Run(columns, new LifParameters(), inputs, options, Add, cancellation)
            : SharedSpikeRun.Run(columns, new LifParameters(), inputs, options, exchange, Add, cancellation);
        var took = clock.Elapsed.TotalSeconds;
        using var process = Process.GetCurrentProcess();
        var read = 0L;
        for (var n = 0; n < columns.Neurons; n++)
            if (summary.Counts[n] > 0)
                read += bytesOf(n);
        return new ColumnRun(
            summary.Spikes, summary.ActiveNeurons, summary.Events, Convert.ToHexStringLower(hash.GetHashAndReset()), took, read, StorageReads() - before,
            process.PeakWorkingSet64);

        void Add(ReadOnlySpan<Spike> spikes) => hash.AppendData(MemoryMarshal.AsBytes(spikes));
    }

    private static long? StorageReads()
    {
        const string path = "/proc/self/io";
        if (!File.Exists(path)) return null;
        var line = File.ReadLines(path).FirstOrDefault(l => l.StartsWith("read_bytes: ", StringComparison.Ordinal));
        return line is not null && long.TryParse(line["read_bytes: ".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
    }
}
