using System.Buffers.Text;

namespace Connecto.Graph;

/// <summary>Synapse rows as CAVE's materialised tables have them (Dorkenwald et al. 2025; MICrONS, FlyWire): id,
/// pre_pt_root_id, post_pt_root_id, size, ctr_pt_position, and pre_pt_position and post_pt_position where there. A position
/// is "[x y z]" or three columns that end in _x, _y, _z.</summary>
internal static class CaveSynapses
{
    public static ImportedGraph Read(ImportSource source, ImportOptions options)
    {
        var path = source.Require("synapses.csv", "synapses.parquet");
        var rows = new SynapseRows(options);
        return rows.Finish(Rows(), SynapseFields.All & ~SynapseFields.Block, new LabelTable(), ListedNeurons.None, notes => new ConnectomeProvenance
        {
            Kind = "cave",
            Sources = source.Sources(),
            Rule = AggregationRule.Synapses,
            Notes = [.. notes, FormattableString.Invariant($"One unit of a position is {options.Voxel.Z} x {options.Voxel.Y} x {options.Voxel.X} nm (z, y, x).")],
        });

        IEnumerable<Synapse> Rows()
        {
            using var table = source.Open(path);
            int id = table.Find("id"), pre = table.Require("pre_pt_root_id"), post = table.Require("post_pt_root_id");
            int size = table.Find("size"), score = table.Find("score", "cleft_score");
            var cleft = CavePosition.Of(table, "ctr_pt_position", options.Voxel);
            var (preSite, postSite) = (CavePosition.Of(table, "pre_pt_position", options.Voxel), CavePosition.Of(table, "post_pt_position", options.Voxel));
            var number = 0UL;
            while (table.Next())
            {
                number++;
                var sure = score < 0 || table.IsEmpty(score) ? 0 : table.Number(score);
                if (sure < 0) throw table.BadValue(score, "a score from 0");
                yield return rows.Check(table, new Synapse(
                    id < 0 ? number : table.Id(id), table.Id(pre), table.Id(post), cleft.Read(table), preSite.Read(table), postSite.Read(table),
                    size < 0 ? 0 : (long)Math.Round(table.Number(size)), (float)sure, 0));
            }
        }
    }
}

/// <summary>A position in CAVE's order x, y, z, in one column or three, to nanometres in the order z, y, x.</summary>
internal sealed class CavePosition
{
    private readonly int _whole, _x, _y, _z;
    private readonly Site _voxel;

    private CavePosition(TableReader table, string name, Site voxel)
    {
        _voxel = voxel;
        _whole = table.Find(name);
        (_x, _y, _z) = (table.Find(name + "_x"), table.Find(name + "_y"), table.Find(name + "_z"));
    }

    public static CavePosition Of(TableReader table, string name, Site voxel) => new(table, name, voxel);

    public Site Read(TableReader table)
    {
        if (_x >= 0 && _y >= 0 && _z >= 0) return Place(table.Number(_x), table.Number(_y), table.Number(_z));
        if (_whole < 0 || table.IsEmpty(_whole)) return default;
        var text = System.Text.Encoding.UTF8.GetBytes(table.Text(_whole)).AsSpan().Trim("[]() "u8);
        Span<double> xyz = stackalloc double[3];
        foreach (ref var value in xyz)
        {
            text = text.TrimStart(", "u8);
            if (!Utf8Parser.TryParse(text, out value, out int used) || !double.IsFinite(value)) throw table.BadValue(_whole, "a position [x y z]");
            text = text[used..];
        }
        return text.IsEmpty ? Place(xyz[0], xyz[1], xyz[2]) : throw table.BadValue(_whole, "a position [x y z]");
    }

    private Site Place(double x, double y, double z) => new((float)(z * _voxel.Z), (float)(y * _voxel.Y), (float)(x * _voxel.X));
}
