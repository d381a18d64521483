using Connecto.Graph;

namespace Connecto.Cli.Bench;

/// <summary>A synapse table of any length, made as it is read: neurons with scattered 64-bit ids, partners heavy-tailed, rows in
/// random order of their pairs, as a table in order of place has them. Some neurons have a hundred times the partners of others,
/// and a pair has rows / (108 neurons) contacts in the mean. Same settings, same rows.</summary>
internal sealed class SyntheticSynapses(long rows, int neurons, ulong seed) : SynapseReader
{
    private const int PartnersPerNeuron = 108;

    private ulong _state = seed * 0x9E3779B97F4A7C15 + 1, _made;

    public override SynapseFields Fields => SynapseFields.Cleft | SynapseFields.Size | SynapseFields.Score;

    public override bool Read(SynapseBatch batch)
    {
        batch.Count = (int)Math.Min(SynapseBatch.Capacity, rows - (long)_made);
        for (var i = 0; i < batch.Count; i++)
        {
            ulong a = Next(), b = Next();
            // The square root of a uniform number makes high numbers frequent: degrees spread linearly.
            var pre = (int)(Math.Sqrt((a >> 11) * (1.0 / (1UL << 53))) * neurons);
            var partners = (ulong)(2 * PartnersPerNeuron * (pre + 1.0) / neurons) + 1;
            var post = (int)(Mix((ulong)pre * 4099 + (b >> 40) % partners) % (ulong)neurons);
            batch.Ids[i] = ++_made;
            batch.Pre[i] = IdOf(pre);
            batch.Post[i] = IdOf(post == pre ? (post + 1) % neurons : post);
            batch.Clefts[i] = new Site((a & 0xFFFF) * 40f, (a >> 16 & 0xFFFF) * 8f, (a >> 32 & 0xFFFF) * 8f);
            batch.Sizes[i] = 10 + (long)(b & 1023);
            batch.Scores[i] = (128 + (b >> 10 & 127)) / 256f;
        }
        return batch.Count > 0;
    }

    protected override void Dispose(bool disposing)
    {
    }

    private static ulong IdOf(int neuron) => 720575940600000000 + (ulong)neuron * 211;

    private ulong Next() => Mix(_state += 0x9E3779B97F4A7C15);

    /// <summary>The mixing of splitmix64.</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
