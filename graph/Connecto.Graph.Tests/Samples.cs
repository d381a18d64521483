namespace Connecto.Graph.Tests;

/// <summary>Random tables with scores in eighths, so that sums are exact.</summary>
internal static class Samples
{
    public static List<Synapse> Synapses(Random random, int neurons, int count)
    {
        List<Synapse> rows = [];
        for (var i = 0; i < count; i++)
            rows.Add(new Synapse(
                (ulong)(i + 1), Id(random.Next(neurons + 1)), Id(random.Next(neurons + 1)),
                Place(random), Place(random), Place(random), random.Next(100), random.Next(9) / 8f, random.Next(5)));
        return rows;
    }

    /// <summary>0 for 0, else scattered ids that rise with the number.</summary>
    public static ulong Id(int number) => number == 0 ? 0 : (ulong)number * 7 + 3;

    public static Neuron[] Neurons(int count) =>
        [.. Enumerable.Range(1, count).Select(i => Neuron(Id(i)))];

    public static Neuron Neuron(ulong id) => new(id, (long)id * 10, default, new Site(id, 2, 3), new Site(id / 2f, 1, 1));

    public static Synapse Synapse(ulong id, ulong pre, ulong post, long size = 1, float score = 1) =>
        new(id, pre, post, default, default, default, size, score, 0);

    /// <summary>A connectome of pairs, one contact each.</summary>
    public static Connectome Graph(int neurons, params (int Pre, int Post)[] pairs) => Connectome.FromConnections(
        Enumerable.Range(1, neurons).Select(i => Neuron((ulong)i)),
        [.. pairs.Select(p => new Connection((ulong)p.Pre + 1, (ulong)p.Post + 1, 1, 0, 0))],
        new ConnectomeOptions { Autapses = AutapseRule.Keep });

    public static Connectome Random(Random random, int neurons, int edges) => Graph(
        neurons, [.. Enumerable.Range(0, neurons == 0 ? 0 : edges).Select(_ => (random.Next(neurons), random.Next(neurons)))]);

    private static Site Place(Random random) => new(random.NextSingle() * 1000, random.NextSingle() * 1e6f, -random.NextSingle());
}
