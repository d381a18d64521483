using Connecto.BrainNetworks;

namespace Connecto.Cli;

/// <summary>Trials of a spiking network that the processes of mpirun share out by neurons.</summary>
internal static class SharedTrials
{
    /// <summary>Runs the trials one after another; the spikes are those of one process.</summary>
    /// <returns>What <see cref="SpikeTrials.Run"/> returns; null in every process but the first.</returns>
    /// <exception cref="InvalidDataException">As for it, or OpenMPI is not installed.</exception>
    public static IReadOnlyList<SpikeTrial>? Run(
        SynapseColumns columns, LifParameters parameters, SpikeInputs inputs, SpikeOptions options, int trials, CancellationToken cancellation)
    {
        using var world = new MpiExchange();
        var done = new List<SpikeTrial>();
        for (var trial = inputs.Trial; trial < inputs.Trial + trials; trial++)
        {
            var spikes = new List<Spike>();
            var first = world.Rank == 0;
            var summary = SharedSpikeRun.Run(
                columns, parameters, inputs with { Trial = trial }, options, world, first ? some => spikes.AddRange(some) : null, cancellation);
            if (first) done.Add(new SpikeTrial(trial, spikes, summary));
        }
        return world.Rank == 0 ? done : null;
    }
}
