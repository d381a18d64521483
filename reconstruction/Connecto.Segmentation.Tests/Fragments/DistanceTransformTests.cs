using Connecto.Volumes;

namespace Connecto.Segmentation;

public class DistanceTransformTests
{
    [Fact]
    public void Transform_agrees_with_the_least_distance_over_all_voxels()
    {
        foreach (var (shape, size) in new[]
        {
            (new Index3(1, 20, 37), new VoxelSize(50, 4, 4)), (new(7, 9, 11), new(10, 10, 10)),
                (new(5, 17, 3), new(40, 4, 8)),
            (new(6, 1, 20), new(3, 2, 1)), (new(4, 5, 1), new(1, 2, 3)),
        })
            for (var seed = 0; seed < 5; seed++)
            {
                var random = new Random(seed);
                var field = new float[shape.Count];
                foreach (ref var v in field.AsSpan()) v = random.Next(20) == 0 ? 0 : float.PositiveInfinity;
                var expected = Naive(field, shape, size);
                new DistanceTransform(shape, size).Transform(field);
                for (var i = 0; i < field.Length; i++) Assert.Equal(expected[i], field[i], 3);
            }
    }

    [Fact]
    public void Without_a_boundary_all_is_infinitely_far()
    {
        var field = new float[60];
        Array.Fill(field, float.PositiveInfinity);
        new DistanceTransform(new(3, 4, 5), new(1, 1, 1)).Transform(field);
        Assert.All(field, v => Assert.Equal(float.PositiveInfinity, v));
    }

    private static float[] Naive(float[] field, Index3 shape, VoxelSize size)
    {
        var result = new float[field.Length];
        for (var i = 0; i < field.Length; i++)
        {
            var least = double.PositiveInfinity;
            for (var j = 0; j < field.Length; j++)
            {
                if (field[j] != 0) continue;
                double z = (i / (shape.Y * shape.X) - j / (shape.Y * shape.X)) * size.Z;
                double y = (i / shape.X % shape.Y - j / shape.X % shape.Y) * size.Y,
                    x = (i % shape.X - j % shape.X) * size.X;
                least = Math.Min(least, z * z + y * y + x * x);
            }
            result[i] = (float)least;
        }
        return result;
    }
}
