using Connecto.Segmentation.Training;
using Connecto.Volumes;

namespace Connecto.Segmentation.Tests.Training;

public sealed class CellLabelsTests
{
    [Fact]
    public void Boundary_and_ignored_ids_become_boundary_and_unknown()
    {
        var labels = new Volume<ulong>(new(1, 1, 5), 1, [9, 249, 0, 4, 9]);
        var cells = CellLabels.FromInstances(labels, [249], [0], default);
        Assert.Equal([1u, TrainingVolume.Boundary, TrainingVolume.Unknown, 2, 1], cells.Data);
    }

    [Fact]
    public void Erosion_cuts_exactly_the_voxels_within_reach_of_another_cell()
    {
        var random = new Random(1);
        var labels = new Volume<ulong>(new(5, 9, 11));
        for (var i = 0; i < labels.Data.Length; i++) labels.Data[i] = (ulong)random.Next(20) < 2 ? (ulong)random.Next(3) : 7;
        var reach = new Index3(1, 2, 1);
        var plain = CellLabels.FromInstances(labels, [], [0], default);
        var eroded = CellLabels.FromInstances(labels, [], [0], reach);
        var shape = labels.Shape;
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
                for (var x = 0; x < shape.X; x++)
                {
                    var id = plain[z, y, x];
                    var cut = false;
                    for (var d = -2; d <= 2; d++)
                        cut |= Math.Abs(d) <= reach.Z && Other(z + d, y, x) || Other(z, y + d, x)
                            || Math.Abs(d) <= reach.X && Other(z, y, x + d);
                    Assert.Equal(cut && id != TrainingVolume.Unknown ? TrainingVolume.Boundary : id, eroded[z, y, x]);

                    bool Other(int a, int b, int c) => Box.Of(shape).Contains(new Index3(a, b, c))
                        && plain[a, b, c] != id && plain[a, b, c] != TrainingVolume.Unknown;
                }
    }

    [Fact]
    public void Classes_become_the_connected_parts_of_each_section()
    {
        ulong[] classes =
        [
            255, 0, 191,
            255, 0, 255,
            0, 255, 32,
            255, 255, 255,
            159, 0, 0,
            255, 255, 191,
        ];
        var cells = CellLabels.FromClasses(new(new(2, 3, 3), 1, classes), [0, 32], [159]);
        Assert.Equal(
            [1, 0, 2, 1, 0, 2, 0, 3, 0, 4, 4, 4, TrainingVolume.Unknown, 0, 0, 5, 5, 5], cells.Data);
    }

    [Fact]
    public void A_synapse_without_a_labelled_side_leaves_the_side_unknown_around_it()
    {
        var labels = new Volume<ulong>(new(1, 1, 30));
        labels[0, 0, 4] = 5;
        labels[0, 0, 20] = 6;
        labels[0, 0, 22] = 7;
        var bits = SynapseLabels.FromIds(labels, [7], [7], radius: 3).Data;
        Assert.All(Enumerable.Range(1, 7), x => Assert.Equal(0, bits[x] & (byte)SynapseBits.PresynapticKnown));
        Assert.All(Enumerable.Range(8, 22), x => Assert.NotEqual(0, bits[x] & (byte)SynapseBits.PresynapticKnown));
        Assert.NotEqual(0, bits[4] & (byte)SynapseBits.Cleft);
        Assert.Equal(0, bits[22] & (byte)SynapseBits.Cleft);
        Assert.NotEqual(0, bits[22] & (byte)SynapseBits.Presynaptic);
    }
}
