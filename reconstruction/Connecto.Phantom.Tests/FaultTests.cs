namespace Connecto.Phantom.Tests;

public class FaultTests
{
    private static readonly PhantomSlice[] Good = SamplePhantom.Instance.Slices;
    private static readonly PhantomVolume Faulty = new(SamplePhantom.Options with
    {
        MissingSections = [4],
        DuplicatedSections = [9, 10],
        FoldedSections = [14],
    });
    private static readonly PhantomSlice[] Slices = SamplePhantom.Render(Faulty);

    [Fact]
    public void A_missing_section_is_black_and_keeps_the_lost_truth()
    {
        Assert.All(Slices[4].Raw, v => Assert.Equal(0, v));
        SamplePhantom.AssertSameTruth(Good[4], Slices[4]);
    }

    [Fact]
    public void Duplicated_sections_repeat_the_one_before_in_every_bit()
    {
        SamplePhantom.AssertSame(Slices[8], Slices[9]);
        SamplePhantom.AssertSame(Slices[8], Slices[10]);
        SamplePhantom.AssertSame(Good[8], Slices[8]);
    }

    [Fact]
    public void A_folded_section_has_a_dark_line_and_lacks_the_tissue_in_it()
    {
        static int Dark(PhantomSlice s) => s.Raw.Count(v => v < 35);
        Assert.True(Dark(Slices[14]) > Dark(Good[14]) + 1000);
        Assert.NotEqual(Good[14].Neurons, Slices[14].Neurons);
        Assert.DoesNotContain(0u, Slices[14].Neurons);
    }

    [Fact]
    public void Other_sections_are_as_without_faults()
    {
        foreach (var z in new[] { 0, 3, 5, 8, 11, 13, 15, 19 }) SamplePhantom.AssertSame(Good[z], Slices[z]);
    }

    [Fact]
    public void The_synapse_table_is_of_the_image_as_delivered()
    {
        var counts = new Dictionary<uint, long>();
        foreach (var slice in Slices)
            foreach (var cleft in slice.Clefts)
                if (cleft != 0) counts[cleft] = counts.GetValueOrDefault(cleft) + 1;
        var rows = Faulty.Synapses.Zip(Faulty.SynapseClefts).GroupBy(p => p.Second).ToDictionary(g => g.Key, g => g.Sum(p => p.First.Size));
        Assert.Equal(rows.OrderBy(p => p.Key), counts.OrderBy(p => p.Key));
    }
}
