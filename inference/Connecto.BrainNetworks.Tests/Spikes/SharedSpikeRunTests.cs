namespace Connecto.BrainNetworks.Tests;

/// <summary>Neurons shared out among processes spike as in one; the processes are threads here.</summary>
public class SharedSpikeRunTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task The_spikes_are_those_of_one_process(int size)
    {
        for (var seed = 100; seed < 110; seed++)
        {
            var network = RandomSpiking.Of(seed);
            var options = new SpikeOptions { Seconds = network.Steps * network.Parameters.StepMs / 1000 };
            var (expected, whole) = SpikeRun.Record(network.Columns, network.Parameters, network.Inputs, options);
            using var table = new Barrier(size);
            var laid = new byte[size][];
            var runs = await Task.WhenAll(Enumerable.Range(0, size).Select(rank => Task.Factory.StartNew(() =>
            {
                var spikes = new List<Spike>();
                var summary = SharedSpikeRun.Run(
                    network.Columns, network.Parameters, network.Inputs, options, new Threads(rank, size, laid, table), some => spikes.AddRange(some));
                return (spikes, summary);
            }, TaskCreationOptions.LongRunning)));
            foreach (var (spikes, summary) in runs)
            {
                Assert.Equal(expected, spikes);
                Assert.Equal((whole.Spikes, whole.ActiveNeurons, whole.Events, whole.Steps), (summary.Spikes, summary.ActiveNeurons, summary.Events, summary.Steps));
            }
        }
    }

    private sealed record Threads(int Rank, int Size, byte[][] Laid, Barrier Table) : ISpikeExchange
    {
        public (byte[] All, int[] Starts) Gather(ReadOnlySpan<byte> own)
        {
            Laid[Rank] = own.ToArray();
            Table.SignalAndWait();
            var starts = new int[Size + 1];
            for (var rank = 0; rank < Size; rank++) starts[rank + 1] = starts[rank] + Laid[rank].Length;
            byte[] all = [.. Laid.SelectMany(bytes => bytes)];
            Table.SignalAndWait();
            return (all, starts);
        }
    }
}
