using Connecto.Graph;

namespace Connecto.Synapses;

/// <summary>Compares who is connected with whom, and by how many contacts.</summary>
internal static class ConnectionScore
{
    public static (MatchCount Connections, MatchCount Contacts) Compute(IReadOnlyList<Synapse> result,
        IReadOnlyList<(ulong Pre, ulong Post)> resultTruth, IReadOnlyList<Synapse> truth)
    {
        var meaning = MajorityOfSites(result, resultTruth);
        var there = Contacts(truth.Select(s => (s.Pre, s.Post)));
        var found = Contacts(result.Select(s => (s.Pre, s.Post)));
        var meant = Contacts(result.Select(s => (meaning.GetValueOrDefault(s.Pre), meaning.GetValueOrDefault(s.Post))));

        var matchedPairs = found.Keys.LongCount(p => there.ContainsKey(
            (meaning.GetValueOrDefault(p.Pre), meaning.GetValueOrDefault(p.Post))));
        var coveredPairs = there.Keys.LongCount(meant.ContainsKey);
        var common = there.Sum(p => Math.Min(p.Value, meant.GetValueOrDefault(p.Key)));
        return (new(matchedPairs, found.Count, there.Count, coveredPairs),
            new(common, result.Count, truth.Count, common));
    }

    /// <summary>The truth segment that most sites of each result segment lie in; the lower id of equals.</summary>
    private static Dictionary<ulong, ulong> MajorityOfSites(IReadOnlyList<Synapse> result,
        IReadOnlyList<(ulong Pre, ulong Post)> truth) =>
        result.Select((s, i) => (Segment: s.Pre, Truth: truth[i].Pre))
            .Concat(result.Select((s, i) => (Segment: s.Post, Truth: truth[i].Post)))
            .Where(v => v.Segment != 0 && v.Truth != 0)
            .GroupBy(v => v.Segment)
            .ToDictionary(g => g.Key, g => g.GroupBy(v => v.Truth).OrderByDescending(t => t.Count()).ThenBy(t => t.Key)
                .First().Key);

    private static Dictionary<(ulong Pre, ulong Post), long> Contacts(IEnumerable<(ulong Pre, ulong Post)> rows) =>
        rows.Where(r => r.Pre != 0 && r.Post != 0).GroupBy(r => r).ToDictionary(g => g.Key, g => g.LongCount());
}
