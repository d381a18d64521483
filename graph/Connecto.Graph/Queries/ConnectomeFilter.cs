namespace Connecto.Graph;

/// <summary>Which contacts and connections a question is about. Contacts are chosen first, then connections by the contacts
/// that are left; all neurons stay.</summary>
public sealed record ConnectomeFilter
{
    /// <summary>Contacts whose cleft lies at or behind this corner, nm; null = no bound.</summary>
    public Site? BoxBegin { get; init; }

    /// <summary>Contacts whose cleft lies before this corner, nm (exclusive); null = no bound.</summary>
    public Site? BoxEnd { get; init; }

    /// <summary>Contacts whose cleft lies within <see cref="WithinNm"/> of this point; null = anywhere.</summary>
    public Site? Near { get; init; }

    /// <summary>Largest distance to <see cref="Near"/>, nm (inclusive).</summary>
    public double WithinNm { get; init; } = double.PositiveInfinity;

    /// <summary>Contacts of at least this score.</summary>
    public float MinScore { get; init; }

    /// <summary>Contacts of at least this many cleft voxels.</summary>
    public long MinSize { get; init; }

    /// <summary>Connections of at least this many contacts.</summary>
    public int MinContacts { get; init; }

    /// <summary>True where it looks at single contacts, which a connectome of counted connections does not have.</summary>
    public bool ChoosesContacts =>
        BoxBegin is not null || BoxEnd is not null || Near is not null || MinScore > 0 || MinSize > 0;

    /// <summary>True for a contact that it keeps.</summary>
    public bool Keeps(in Synapse synapse)
    {
        var at = synapse.Cleft;
        return synapse.Score >= MinScore && synapse.Size >= MinSize
            && (BoxBegin is not { } begin || (at.Z >= begin.Z && at.Y >= begin.Y && at.X >= begin.X))
            && (BoxEnd is not { } end || (at.Z < end.Z && at.Y < end.Y && at.X < end.X))
            && (Near is not { } centre || at.DistanceTo(centre) <= WithinNm);
    }

    /// <summary>The connectome of what it keeps; the same object where it keeps all.</summary>
    /// <exception cref="InvalidDataException">Single contacts are asked for, but the connectome has counted connections alone.</exception>
    /// <remarks>O(neurons log neurons + synapses). Synapses without an edge (unknown partners, dropped autapses) are left out.</remarks>
    public Connectome Apply(Connectome connectome)
    {
        if (!ChoosesContacts && MinContacts <= 1) return connectome;
        var keep = new ConnectomeOptions { Autapses = AutapseRule.Keep };
        if (connectome.Synapses.Count > 0)
            return Connectome.Build(connectome.Neurons.ToArray(), SynapseTable.From(KeptSynapses(connectome)), keep);
        if (ChoosesContacts && connectome.EdgeCount > 0)
            throw new InvalidDataException(
                "This connectome has counted connections alone, without places, sizes or scores of single contacts, so these cannot be " +
                "chosen; nothing was answered.");
        return Connectome.FromConnections(
            connectome.Neurons.ToArray(), [.. connectome.Connections().Where(c => c.Contacts >= MinContacts)], keep);
    }

    private List<Synapse> KeptSynapses(Connectome connectome)
    {
        var kept = new List<Synapse>();
        for (var edge = 0; edge < connectome.EdgeCount; edge++)
        {
            var before = kept.Count;
            foreach (var row in connectome.Contacts(edge))
                if (connectome.Synapses[row] is var synapse && Keeps(synapse))
                    kept.Add(synapse);
            if (kept.Count - before < MinContacts) kept.RemoveRange(before, kept.Count - before);
        }
        return kept;
    }
}
