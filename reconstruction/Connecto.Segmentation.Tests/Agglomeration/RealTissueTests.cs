using Connecto.Testing;
using Connecto.Volumes;
using Connecto.Volumes.Slices;

namespace Connecto.Segmentation;

public class RealTissueTests
{
    [RealDataFact("fib25/train/neurons")]
    public void Exact_affinities_of_a_fly_medulla_give_back_its_cells()
    {
        var truth = SliceStack.Open(RealData.Require("fib25/train/neurons")).ReadLabels(0, 40);
        Assert.True(Segment(truth, new(10, 10, 10)).Vi < 0.1);
    }

    [RealDataFact("isbi2012/neurons")]
    public void Exact_affinities_of_sections_of_a_larval_nerve_cord_give_back_its_cells()
    {
        // 249 is membrane; across z, cells are joined where both sections are inside the same one.
        var truth = SliceStack.Open(RealData.Require("isbi2012/neurons")).ReadLabels(0, 6);
        foreach (ref var id in truth.Data.AsSpan())
            if (id == 249)
                id = 0;
        Assert.True(Segment(truth, new(50, 4, 4)).Vi < 0.35);
    }

    private static SegmentationScore Segment(Volume<ulong> truth, VoxelSize size)
    {
        var affinities = Toy.Affinities(truth);
        var settings = SegmentationSettings.For(size);
        var segments = new Volume<ulong>(truth.Shape);
        Watershed.Flood(affinities, size, settings.Watershed, segments);
        var builder = new RegionGraphBuilder();
        builder.Add(segments, affinities);
        Agglomeration.Merge(builder.Build(), size, settings.Agglomeration).Apply(segments);
        return SegmentationScore.Compute(segments, truth, new() { Objects = TruthObjects.Components });
    }
}
