using Connecto.Volumes;

namespace Connecto.Segmentation;

public class ConnectedComponentsTests
{
    [Theory]
    [InlineData(Connectivity.Faces)]
    [InlineData(Connectivity.Edges)]
    [InlineData(Connectivity.Corners)]
    public void Label_agrees_with_a_flood_voxel_by_voxel(Connectivity connectivity)
    {
        foreach (var (shape, kinds) in new[] { (new Index3(5, 7, 9), 2), (new(4, 6, 16), 3), (new(1, 9, 17), 2),
            (new(7, 1, 5), 3), (new(3, 5, 1), 2), (new(6, 8, 11), 6) })
            for (var seed = 0; seed < 30; seed++)
            {
                var labels = Toy.Noise(shape, kinds, seed);
                var components = new Volume<ulong>(shape);
                var count = ConnectedComponents.Label(labels, connectivity, components);
                var (expected, expectedCount) = Flood(labels, connectivity);
                Assert.Equal(expectedCount, count);
                Assert.Equal(expected.Data, components.Data);
            }
    }

    [Fact]
    public void Label_may_write_over_its_input()
    {
        var labels = Toy.Noise(new(4, 8, 8), 3, 1);
        var expected = new Volume<ulong>(labels.Shape);
        ConnectedComponents.Label(labels, Connectivity.Corners, expected);
        ConnectedComponents.Label(labels, Connectivity.Corners, labels);
        Assert.Equal(expected.Data, labels.Data);
    }

    [Fact]
    public void Label_of_components_changes_nothing()
    {
        var labels = Toy.Noise(new(6, 9, 10), 3, 5);
        var once = new Volume<ulong>(labels.Shape);
        var twice = new Volume<ulong>(labels.Shape);
        ConnectedComponents.Label(labels, Connectivity.Faces, once);
        ConnectedComponents.Label(once, Connectivity.Faces, twice);
        Assert.Equal(once.Data, twice.Data);
    }

    [Fact]
    public void Label_refuses_shapes_that_differ_and_connectivities_that_do_not_exist()
    {
        var labels = new Volume<ulong>(new(2, 2, 2));
        Assert.Throws<ArgumentException>(() => ConnectedComponents.Label(labels, Connectivity.Faces,
            new(new(2, 2, 3))));
        Assert.Throws<ArgumentException>(() => ConnectedComponents.Label(labels, (Connectivity)8, labels));
    }

    private static (Volume<ulong> Components, long Count) Flood(Volume<ulong> labels, Connectivity connectivity)
    {
        var reach = connectivity switch { Connectivity.Faces => 1, Connectivity.Edges => 2, _ => 3 };
        var result = new Volume<ulong>(labels.Shape);
        var inside = Box.Of(labels.Shape);
        ulong count = 0;
        var stack = new Stack<Index3>();
        for (var z = 0; z < labels.Shape.Z; z++)
            for (var y = 0; y < labels.Shape.Y; y++)
                for (var x = 0; x < labels.Shape.X; x++)
                {
                    if (labels[z, y, x] == 0 || result[z, y, x] != 0) continue;
                    result[z, y, x] = ++count;
                    stack.Push(new(z, y, x));
                    while (stack.TryPop(out var at))
                        for (var k = 0; k < 27; k++)
                        {
                            var step = new Index3(k / 9 - 1, k / 3 % 3 - 1, k % 3 - 1);
                            var to = at + step;
                            if (Math.Abs(step.Z) + Math.Abs(step.Y) + Math.Abs(step.X) > reach || !inside.Contains(to))
                                continue;
                            if (labels[to.Z, to.Y, to.X] != labels[z, y, x] || result[to.Z, to.Y, to.X] != 0) continue;
                            result[to.Z, to.Y, to.X] = count;
                            stack.Push(to);
                        }
                }
        return (result, (long)count);
    }
}
