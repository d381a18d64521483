using System.IO.Compression;

namespace Connecto.Graph.Tests;

/// <summary>Small data sets of every kind, and what is refused of them.</summary>
public sealed class ImportTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Larva_matrices_are_summed_and_annotated()
    {
        using var c = Import("larva", Larva("5,6\n5,1,2\n6,0,4\n"));
        Assert.Equal([new Connection(5, 5, 1, 0, 0), new(5, 6, 2, 0, 0), new(6, 6, 4, 0, 0)], c.Connections());
        Assert.Equal(("KCs", "left", "6", "KCs", "right"), (c.Labels.Of(0, "type"), c.Labels.Of(0, "side"), c.Labels.Of(0, "pair"), c.Labels.Of(1, "type"), c.Labels.Of(1, "side")));
        Assert.Contains(c.Provenance!.Notes, n => n.Contains("with itself, the first in row 2"));
    }

    [Theory]
    [InlineData("5,6\n5,1,2\n6,0,5\n", "6 -> 6 has 5 contacts")]
    [InlineData("5,6\n5,1,2\n", "1 rows for 2 neurons")]
    [InlineData("5,6\n5,1,2\n6,0\n", "Row 3")]
    [InlineData("5,6\n5,1,-2\n6,0,4\n", "Row 2")]
    [InlineData("5,6\n5,1,2\n5,0,4\n", "Row 3")]
    [InlineData("5,5\n5,1,2\n6,0,4\n", "'5' twice")]
    [InlineData("5,x\n5,1,2\n6,0,4\n", "'x'")]
    public void Larva_matrices_that_are_wrong(string all, string because) => Refused("larva", Larva(all), because);

    [Fact]
    public void Codex_tables_add_neuropils_up_and_transmitters_give_signs()
    {
        _scratch.Write("fw/neurons.csv", "root_id,group,nt_type\n720575940621039145,A,ACH\n720575940621039146,B,GABA\n720575940621039147,C,\n");
        _scratch.Write("fw/classification.csv", "root_id,flow,super_class,class,sub_class,hemilineage,side,nerve\n720575940621039145,afferent,sensory,olfactory,,,left,\n");
        var path = _scratch.Write("fw/connections.csv",
            "pre_root_id,post_root_id,neuropil,syn_count,nt_type\n" +
            "720575940621039145,720575940621039146,AL_R,5,ACH\n720575940621039145,720575940621039146,AL_L,6,ACH\n720575940621039146,720575940621039145,AL_L,7,GABA\n");
        using var c = Import("flywire", Path.GetDirectoryName(path)!);
        Assert.Equal(
            [new Connection(720575940621039145, 720575940621039146, 11, 0, 0, 1), new(720575940621039146, 720575940621039145, 7, 0, 0, -1)], c.Connections());
        Assert.Equal((3, "sensory", "left", "GABA"), (c.NeuronCount, c.Labels.Of(0, "class"), c.Labels.Of(0, "side"), c.Labels.Of(1, "transmitter")));
    }

    [Fact]
    public void Rows_of_other_regions_are_left_out_and_counted()
    {
        var codex = _scratch.Write("fw/connections.csv",
            "pre_root_id,post_root_id,neuropil,syn_count,nt_type\n1,2,AL_R,5,ACH\n1,2,AL_L,6,ACH\n2,1,MB_ML_L,7,GABA\n3,1,,2,GABA\n");
        using (var c = Import("flywire", codex, new ImportOptions { Regions = "AL_?" }))
        {
            Assert.Equal([new Connection(1, 2, 11, 0, 0, 1)], c.Connections());
            Assert.Equal(4, c.Provenance!.Rows);
            Assert.Contains("Of 4 values of neuropil those were kept that match AL_?: AL_L, AL_R.", c.Provenance.Notes);
            Assert.Contains("2 rows with 9 contacts are of another neuropil, the first in row 4; they were left out.", c.Provenance.Notes);
        }
        _scratch.Write("h/traced-total-connections.csv", "bodyId_pre,bodyId_post,weight\n1,2,12\n");
        var folder = Path.GetDirectoryName(_scratch.Write(
            "h/traced-roi-connections.csv", "bodyId_pre,bodyId_post,roi,weight\n1,2,EB,8\n1,2,FB,4\n"))!;
        using (var c = Import("hemibrain", folder, new ImportOptions { Regions = "*B" })) Assert.Equal(12, c.ContactCount);
        using (var c = Import("hemibrain", folder, new ImportOptions { Regions = "EB, FB" })) Assert.Equal(12, c.ContactCount);
        using (var c = Import("hemibrain", folder, new ImportOptions { Regions = "FB" })) Assert.Equal(4, c.ContactCount);
        using (var c = Import("hemibrain", folder)) Assert.Equal(12, c.ContactCount);
    }

    [Theory]
    [InlineData("A,XX", "'XX' is no neuropil of the table, which has A, B")]
    [InlineData(",", "names no neuropil")]
    public void Regions_that_are_not_there(string regions, string because)
    {
        var codex = _scratch.Write("fw/connections.csv", "pre_root_id,post_root_id,neuropil,syn_count\n1,2,A,5\n1,2,B,1\n");
        Assert.Contains(because, Assert.Throws<InvalidDataException>(
            () => Import("flywire", codex, new ImportOptions { Regions = regions })).Message);
        Assert.Throws<InvalidDataException>(() => Import("edges", codex, new ImportOptions { Regions = "A" }));
        Assert.Throws<InvalidDataException>(() => Import(
            "flywire", _scratch.Write("fw2/connections.csv", "pre_root_id,post_root_id,syn_count\n1,2,5\n"), new ImportOptions { Regions = "A" }));
    }

    [Theory]
    [InlineData("1,2,A,3,ACH\n1,9,A,3,ACH\n", "Row 3")]
    [InlineData("1,2,A,3,ACH\n1,2,A,-3,ACH\n", "Row 3")]
    [InlineData("1,2,A,0,ACH\n", "Row 2")]
    [InlineData("1,2,A,3,XYZ\n", "Row 2")]
    [InlineData("1,2,A\n", "Row 2")]
    [InlineData("1,0,A,3,ACH\n", "Row 2")]
    [InlineData("1,2,A,3000000000,ACH\n", "Row 2")]
    public void Codex_rows_that_are_wrong(string rows, string because)
    {
        _scratch.Write("fw/neurons.csv", "root_id,group,nt_type\n1,A,ACH\n2,B,GABA\n");
        Refused("flywire", _scratch.Write("fw/connections.csv", "pre_root_id,post_root_id,neuropil,syn_count,nt_type\n" + rows), because);
    }

    [Fact]
    public void Dangling_connections_are_added_or_dropped_where_asked_for()
    {
        _scratch.Write("h/traced-neurons.csv", "bodyId,type,instance\n1,KC,KC_R\n2,MBON,\n");
        var path = _scratch.Write("h/traced-total-connections.csv", "bodyId_pre,bodyId_post,weight\n1,2,8\n1,7,3\n");
        Refused("hemibrain", path, "Row 3");
        using var added = Import("hemibrain", path, new ImportOptions { Dangling = DanglingRule.Add });
        Assert.Equal((3, 2, "KC_R"), (added.NeuronCount, added.EdgeCount, added.Labels.Of(0, "name")));
        using var dropped = Import("hemibrain", path, new ImportOptions { Dangling = DanglingRule.Drop });
        Assert.Equal((2, 1), (dropped.NeuronCount, dropped.EdgeCount));
        Assert.Contains(dropped.Provenance!.Notes, n => n.Contains("1 rows") && n.Contains("row 3"));
    }

    [Fact]
    public void Cave_rows_keep_ids_positions_and_sizes()
    {
        var path = _scratch.Write("synapses.csv",
            "id,pre_pt_root_id,post_pt_root_id,size,ctr_pt_position,pre_pt_position_x,pre_pt_position_y,pre_pt_position_z\n" +
            "9,864691135580670464,864691135181733376,1056,[100 200  30],1,2,3\n4,864691135580670464,0,7,\"[1, 2, 3]\",1,2,3\n");
        using var c = Import("cave", path, new ImportOptions { Voxel = new Site(40, 4, 4) });
        Assert.Equal(
            [
                new Synapse(4, 864691135580670464, 0, new(120, 8, 4), new(120, 8, 4), default, 7, 0, 0),
                new Synapse(9, 864691135580670464, 864691135181733376, new(1200, 800, 400), new(120, 8, 4), default, 1056, 0, 0),
            ], c.Synapses.Rows());
        Assert.Equal((1, 1, 1056L), (c.EdgeCount, c.UnassignedSynapses, c.Sizes[0]));
        Assert.Equal(9UL, c.Synapses[c.Contacts(0)[0]].Id);
    }

    [Theory]
    [InlineData("1,1,2,NaN\n", "Row 2")]
    [InlineData("1,1,2,3\n2,1,2,-3\n", "Row 3")]
    [InlineData("1,1,2,3\n0,1,2,3\n", "Row 3")]
    [InlineData("1,8.64E17,2,3\n", "lost digits")]
    [InlineData("1,1,2,3\n1,1,2,4\n", "Synapse 1")]
    [InlineData("1,1,2,3\n2,1,2", "Row 3")]
    public void Cave_rows_that_are_wrong(string rows, string because) =>
        Refused("cave", _scratch.Write("synapses.csv", "id,pre_pt_root_id,post_pt_root_id,size\n" + rows), because);

    [Fact]
    public void Autapses_are_refused_with_their_row_where_asked_for()
    {
        var path = _scratch.Write("synapses.csv", "id,pre_pt_root_id,post_pt_root_id,size\n1,1,2,3\n2,2,2,3\n");
        var e = Assert.Throws<InvalidDataException>(() => Import("cave", path, new ImportOptions { Autapses = AutapseRule.Refuse }));
        Assert.Contains("Row 3", e.Message);
        using var dropped = Import("cave", path, new ImportOptions { Autapses = AutapseRule.Drop });
        Assert.Equal((1, 1), (dropped.EdgeCount, dropped.Autapses));
    }

    [Fact]
    public void The_model_of_2024_has_signed_counts_and_indices()
    {
        _scratch.Write("s/Completeness_783.csv", ",Completed\n101,True\n102,True\n103,True\n");
        var path = _scratch.Write("s/c.csv",
            "Presynaptic_ID,Postsynaptic_ID,Presynaptic_Index,Postsynaptic_Index,Connectivity,Excitatory,Excitatory x Connectivity\n" +
            "101,102,0,1,4,1,4\n102,101,1,0,6,-1,-6\n");
        using var c = Import("shiu", path);
        Assert.Equal([new Connection(101, 102, 4, 0, 0, 1), new(102, 101, 6, 0, 0, -1)], c.Connections());
        Assert.Equal(3, c.NeuronCount);
        Refused("shiu", _scratch.Write("s/c.csv", "Presynaptic_Index,Postsynaptic_Index,Excitatory x Connectivity\n0,1,2\n0,3,2\n"), "Row 3");
        Refused("shiu", _scratch.Write("s/c.csv",
            "Presynaptic_ID,Postsynaptic_ID,Presynaptic_Index,Postsynaptic_Index,Excitatory x Connectivity\n101,103,0,1,2\n"), "Row 2");
    }

    [Fact]
    public void Plain_edges_take_ids_names_and_signs()
    {
        using (var ids = Import("edges", _scratch.Write("e.csv", "source,target,weight\n7,3,2.0\n7,3,1\n3,3,1\n")))
            Assert.Equal([new Connection(3, 3, 1, 0, 0), new(7, 3, 3, 0, 0)], ids.Connections());
        using (var names = Import("edges", _scratch.Write("e.csv", "pre;post\nbeta;alpha\n")))
            Assert.Equal((new Connection(2, 1, 1, 0, 0), "alpha", "beta"), (names.Connections().Single(), names.Labels.Of(0, "name"), names.Labels.Of(1, "name")));
        var signed = _scratch.Write("e.csv", "a,b,w\n1,2,-3\n2,1,3\n");
        using (var c = Import("edges", signed, new ImportOptions { PreColumn = "a", PostColumn = "b", CountColumn = "w" }))
            Assert.Equal([new Connection(1, 2, 3, 0, 0, -1), new(2, 1, 3, 0, 0, 1)], c.Connections());
        Refused("edges", signed, "no column pre");
        Refused("edges", _scratch.Write("e.csv", "pre,post,count\n1,2,-3\n"), "Row 2");
    }

    [Fact]
    public void Worms_have_names_classes_and_contacts_with_sizes()
    {
        _scratch.Write("w/_neurons.csv", "class,members,type,integration\nADA,2,inter,embryonic\nAVA,2,inter,embryonic\n");
        var path = _scratch.Write("w/synapse_list.csv",
            "dataset,pre,post,syn_id,sections,size,post_is_branch\nDataset1,ADAL,AVAR,77,4.0,100,no\nDataset2,ADAL,RICR,78,2.0,50,no\nDataset1,ADAL,AVAR,78,,-1,no\n");
        using (var c = Import("celegans", path, new ImportOptions { Part = "Dataset1" }))
        {
            Assert.Equal([new Connection(1, 2, 2, 100, 2)], c.Connections());
            Assert.Equal(("ADA", "inter", "left", "right"), (c.Labels.Of(0, "type"), c.Labels.Of(0, "class"), c.Labels.Of(0, "side"), c.Labels.Of(1, "side")));
            Assert.Equal([(2UL, 77), (4, 78)], c.Synapses.Rows().Select(s => (s.Id, s.Block)));
        }
        Refused("celegans", path, "Dataset1, Dataset2");
        var list = _scratch.Write("w/herm_full_edgelist.csv", "Source,Target,Weight,Type\nI1L , I2L ,10,chemical\nI1L,I3,3,electrical\n");
        using (var c = Import("celegans-edges", list)) Assert.Equal((3, 1, 10L), (c.NeuronCount, c.EdgeCount, c.ContactCount));
        using (var c = Import("celegans-edges", list, new ImportOptions { Part = "all" })) Assert.Equal(2, c.EdgeCount);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 7, 4)]
    [InlineData(2, 19, 14)]
    public void Filters_are_tiled_to_any_extent(int extent, int columns, int rightward)
    {
        var path = _scratch.Write("f.json", """
            {"nodes": [{"name": "A", "pattern": ["stride", [1, 1]]}, {"name": "B", "pattern": ["stride", [1, 1]]}],
             "edges": [{"src": "A", "tar": "B", "alpha": -1, "offsets": [[[0, 0], 2.6], [[1, 0], 0.2]]}], "input_units": ["A"], "output_units": ["B"]}
            """);
        using var c = Import("flyvis", path, new ImportOptions { Extent = extent });
        Assert.Equal((2 * columns, columns + rightward), (c.NeuronCount, c.EdgeCount));
        Assert.Equal(3L * columns + rightward, c.ContactCount);
        Assert.All(c.Signs.ToArray(), s => Assert.Equal(-1, s));
        Assert.Equal("input", c.Labels.Of(0, "class"));
    }

    [Fact]
    public void Gaps_inside_a_filter_are_filled_where_asked_for()
    {
        var path = _scratch.Write("f.json", """
            {"nodes": [{"name": "A", "pattern": ["single", null]}, {"name": "B", "pattern": ["stride", [1, 1]]}],
             "edges": [{"src": "A", "tar": "B", "alpha": 1, "offsets": [[[-1, 0], 5], [[1, 0], 5], [[0, 1], 5], [[0, -1], 5]]}]}
            """);
        using (var c = Import("flyvis", path, new ImportOptions { Extent = 3 })) Assert.Equal(4, c.EdgeCount);
        using (var c = Import("flyvis", path, new ImportOptions { Extent = 3, GapSynapses = 1 })) Assert.Equal((5, 21L), (c.EdgeCount, c.ContactCount));
    }

    [Theory]
    [InlineData("""{"nodes": [], "edges": [{"src": "A", "tar": "B", "alpha": 1, "offsets": []}]}""", "A with B")]
    [InlineData("""{"nodes": [{"name": "A", "pattern": ["stride", [1, 1]]}], "edges": [{"src": "A", "tar": "A", "alpha": 3, "offsets": []}]}""", "sign 3")]
    [InlineData("""{"nodes": [{"name": "A", "pattern": ["stride", [1, 1]]}], "edges": [{"src": "A", "tar": "A", "alpha": 1, "offsets": [[[0, 0], -2]]}]}""", "-2 synapses")]
    [InlineData("""{"nodes": [{"name": "A", "patt""", "no whole JSON")]
    public void Filters_that_are_wrong(string json, string because) => Refused("flyvis", _scratch.Write("f.json", json), because);

    [Fact]
    public void Partner_pairs_have_sites_and_a_cleft_between()
    {
        using var c = Import("synful", _scratch.Write("p.json", """
            [{"id": 3, "id_skel_pre": 10, "id_skel_post": 20, "location_pre": [40, 8, 4], "location_post": [80, 8, 8]}]
            """));
        Assert.Equal([new Synapse(3, 10, 20, new(60, 8, 6), new(40, 8, 4), new(80, 8, 8), 0, 0, 0)], c.Synapses.Rows());
    }

    [Theory]
    [InlineData("""[{"id": 3, "id_skel_pre": -1, "id_skel_post": 20, "location_pre": [1, 2, 3], "location_post": [1, 2, 3]}]""", "Row 1")]
    [InlineData("""[{"id": 3, "id_skel_pre": 1, "id_skel_post": 20, "location_pre": [1, 2], "location_post": [1, 2, 3]}]""", "Row 1")]
    [InlineData("""[{"id": 3, "id_skel_pre": 1""", "no whole JSON")]
    public void Partner_pairs_that_are_wrong(string json, string because) => Refused("synful", _scratch.Write("p.json", json), because);

    [Fact]
    public void Synapse_tables_of_this_program_are_read_as_text_and_as_binary_rows()
    {
        var rows = Samples.Synapses(new Random(4), 12, 300);
        SynapseCsv.Write(_scratch.At("t.csv"), rows);
        using (var table = SynapseReader.Of(rows)) SynapseRowFile.Write(_scratch.At("t.rows"), table);
        Assert.Equal("synapses", ImportKind.Detect(Source(_scratch.At("t.csv"))).Name);
        Assert.Equal("synapses", ImportKind.Detect(Source(_scratch.At("t.rows"))).Name);
        using var text = Import("synapses", _scratch.At("t.csv"));
        using var binary = Import("synapses", _scratch.At("t.rows"));
        StoredConnectomeTests.AssertSame(Connectome.Build(SynapseTable.From(rows), new() { Autapses = AutapseRule.Keep }), text);
        StoredConnectomeTests.AssertSame(text, binary);
        Refused("synapses", _scratch.Write("u.csv", "id,pre,post,size,score,z_nm,y_nm,x_nm\n1,1,2,3,0.5,1,2,3\n2,1,2,3,0.5,1,nan,3\n"), "Row 3");
    }

    [Theory]
    [InlineData("pre_root_id,post_root_id,neuropil,syn_count,nt_type\n", "flywire")]
    [InlineData("bodyId_pre,bodyId_post,roi,weight\n", "hemibrain")]
    [InlineData("id,pre_pt_root_id,post_pt_root_id,size\n", "cave")]
    [InlineData("dataset,pre,post,syn_id,sections,size,post_is_branch\n", "celegans")]
    [InlineData("Source,Target,Weight,Type\n", "celegans-edges")]
    [InlineData("Presynaptic_Index,Postsynaptic_Index,Excitatory x Connectivity\n", "shiu")]
    [InlineData("from,to\n", "edges")]
    public void The_kind_is_told_from_the_header(string header, string kind) =>
        Assert.Equal(kind, ImportKind.Detect(Source(_scratch.Write("t.csv", header))).Name);

    private Connectome Import(string kind, string path, ImportOptions? options = null) =>
        ImportKind.Of(kind).Read(Source(path), options ?? new()).Store(_scratch.At("out"));

    private void Refused(string kind, string path, string because)
    {
        var e = Assert.Throws<InvalidDataException>(
            () => ImportKind.Of(kind).Read(Source(path), new()).Store(_scratch.At("refused")).Dispose());
        Assert.Contains(because, e.Message);
        Assert.Empty(Directory.GetDirectories(_scratch.Path, "refused*"));
    }

    private static ImportSource Source(string path) => new(path, _ => throw new NotSupportedException());

    /// <summary>A zip whose types add up to 5 -> 5: 1, 5 -> 6: 2, 6 -> 6: 4.</summary>
    private string Larva(string all)
    {
        var path = _scratch.At("larva.zip");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, text) in ((string, string)[])[
            ("aa", ",6,5\n5,2.0,0.0\n6,1.0,0.0\n"), ("ad", ",5,6\n5,1,0\n6,0,0\n"), ("da", ",5,6\n5,0,0\n6,0,3\n"), ("dd", ",5,6\n5,0,0\n6,0,0\n"), ("all-all", "," + all)])
        {
            using var entry = new StreamWriter(zip.CreateEntry($"S1/{name}_connectivity_matrix.csv").Open());
            entry.Write(text);
        }
        using var annotations = new StreamWriter(zip.CreateEntry("S1/annotations.csv").Open());
        annotations.Write("left_id,right_id,celltype,additional_annotations,level_7_cluster\n5,6,KCs,,12\nno pair,77,sens,,1\n");
        return path;
    }
}
