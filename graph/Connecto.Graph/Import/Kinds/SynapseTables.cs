namespace Connecto.Graph;

/// <summary>A synapse table as this program writes it, one row a contact: binary rows (<see cref="SynapseRowFile"/>), or text or
/// Parquet with the columns of <see cref="SynapseCsv"/>, of which pre and post must be there. Without ids, rows count from 1.</summary>
internal static class SynapseTables
{
    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var path = source.Require("synapses.rows", "synapses.parquet", "synapses.csv");
        var rows = new SynapseRows(options);
        if (SynapseRowFile.IsOne(path))
        {
            source.Note(path);
            return rows.Finish(() => SynapseRowFile.Open(path), new LabelTable(), ListedNeurons.None, Provenance);
        }
        return rows.Finish(Rows(), Fields(source, path), new LabelTable(), ListedNeurons.None, Provenance);

        ConnectomeProvenance Provenance(IReadOnlyList<string> notes) =>
            new() { Kind = "synapses", Sources = source.Sources(), Rule = AggregationRule.Synapses, Notes = notes };

        IEnumerable<Synapse> Rows()
        {
            using var table = source.Open(path);
            int id = table.Find("id"), pre = table.Require("pre"), post = table.Require("post");
            int size = table.Find("size"), score = table.Find("score"), block = table.Find("block");
            var (cleft, preSite, postSite) = (Place(table, ""), Place(table, "pre_"), Place(table, "post_"));
            var number = 0UL;
            while (table.Next())
            {
                number++;
                var sure = score < 0 ? 0 : table.Number(score);
                if (sure < 0) throw table.BadValue(score, "a score from 0");
                var found = block < 0 ? 0 : table.Whole(block);
                if (found is < int.MinValue or > int.MaxValue) throw table.BadValue(block, "the number of a block");
                yield return rows.Check(table, new Synapse(
                    id < 0 ? number : table.Id(id), table.Id(pre), table.Id(post), At(table, cleft), At(table, preSite), At(table, postSite),
                    size < 0 ? 0 : table.Whole(size), (float)sure, (int)found));
            }
        }
    }

    private static SynapseFields Fields(ImportSource source, string path)
    {
        using var table = source.Peek(path);
        return (Place(table, "").Z >= 0 ? SynapseFields.Cleft : 0) | (Place(table, "pre_").Z >= 0 ? SynapseFields.PreSite : 0)
            | (Place(table, "post_").Z >= 0 ? SynapseFields.PostSite : 0) | (table.Find("size") >= 0 ? SynapseFields.Size : 0)
            | (table.Find("score") >= 0 ? SynapseFields.Score : 0) | (table.Find("block") >= 0 ? SynapseFields.Block : 0);
    }

    private static (int Z, int Y, int X) Place(TableReader table, string prefix)
    {
        var (z, y, x) = (table.Find(prefix + "z_nm"), table.Find(prefix + "y_nm"), table.Find(prefix + "x_nm"));
        return z >= 0 && y >= 0 && x >= 0 ? (z, y, x) : (-1, -1, -1);
    }

    private static Site At(TableReader table, (int Z, int Y, int X) place) => place.Z < 0
        ? default
        : new Site((float)table.Number(place.Z), (float)table.Number(place.Y), (float)table.Number(place.X));
}
