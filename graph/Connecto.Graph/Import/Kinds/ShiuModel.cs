namespace Connecto.Graph;

/// <summary>The connectivity of the whole-brain model of Shiu et al. 2024 (Nature, github.com/philshiu/Drosophila_brain_model):
/// Parquet or text with Presynaptic_ID, Postsynaptic_ID, Presynaptic_Index, Postsynaptic_Index, Connectivity, Excitatory and
/// "Excitatory x Connectivity", the count with its sign; and the list of neurons, whose first column is the id, in the order
/// of the indices.</summary>
internal static class ShiuModel
{
    private const string Signed = "Excitatory x Connectivity";

    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var path = source.Require("Connectivity_783.parquet", "2025_Connectivity_783.parquet", "2023_03_23_connectivity_630_final.parquet");
        var neurons = new LabelTable();
        var list = source.Beside("Completeness_783.csv", "2025_Completeness_783.csv", "2023_03_23_completeness_630_final.csv", "Completeness_630_final.csv");
        var ids = list is null ? null : Neurons(source, list, neurons);
        var rows = new ConnectionRows(options, neurons, ids is null ? ListedNeurons.None : ListedNeurons.All);
        using (var table = source.Open(path))
        {
            var count = table.Find(Signed);
            if (count < 0) count = table.Require("Connectivity");
            int preId = table.Find("Presynaptic_ID"), postId = table.Find("Postsynaptic_ID");
            int preIndex = table.Find("Presynaptic_Index"), postIndex = table.Find("Postsynaptic_Index");
            if (preId < 0 || postId < 0)
                (preIndex, postIndex) = (table.Require("Presynaptic_Index"), table.Require("Postsynaptic_Index"));
            while (table.Next())
            {
                var contacts = table.Whole(count);
                rows.Add(
                    table, Neuron(table, preId, preIndex, ids), Neuron(table, postId, postIndex, ids), contacts,
                    table.Header[count] == Signed ? (sbyte)Math.Sign(contacts) : (sbyte)0);
            }
        }
        return rows.Finish(new ConnectomeProvenance
        {
            Kind = "shiu",
            Sources = source.Sources(),
            Rule = AggregationRule.SignedCounts,
            Notes = ids is null && list is null ? ["There was no list of neurons: neurons without a connection are missing, and where rows have no ids, ids are indices plus 1."] : [],
        });
    }

    private static ulong[] Neurons(ImportSource source, string list, LabelTable neurons)
    {
        var ids = new List<ulong>();
        using var table = source.Open(list);
        while (table.Next())
        {
            ids.Add(table.Id(0));
            if (ids[^1] == 0 || !neurons.Add(ids[^1])) throw table.BadValue(0, "a new id from 1");
        }
        return [.. ids];
    }

    /// <summary>The id where rows have ids, checked against the index; else that of the index.</summary>
    private static ulong Neuron(TableReader table, int id, int index, ulong[]? ids)
    {
        var place = index < 0 ? 0 : table.Whole(index);
        if (place < 0 || (ids is not null && place >= ids.Length))
            throw table.BadValue(index, $"an index from 0 to {(ids is null ? "2^53" : ids.Length - 1)}");
        if (id < 0) return ids is null ? (ulong)place + 1 : ids[place];
        var neuron = table.Id(id);
        if (ids is not null && index >= 0 && ids[place] != neuron)
            throw table.Bad($"gives neuron {neuron} the index {place}, which in the list is neuron {ids[place]}");
        return neuron;
    }
}
