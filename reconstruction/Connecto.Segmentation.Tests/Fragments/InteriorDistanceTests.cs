using Connecto.Volumes;

namespace Connecto.Segmentation;

public unsafe class InteriorDistanceTests
{
    [Fact]
    public void Levels_agree_with_the_least_distance_over_all_voxels()
    {
        foreach (var (read, core, size) in new[]
        {
            (new Index3(1, 20, 137), new Box(new(0, 3, 5), new(1, 20, 131)), new VoxelSize(50, 4, 4)),
            (new(7, 9, 11), new(new(2, 1, 0), new(6, 9, 11)), new(10, 10, 10)),
            (new(5, 17, 70), Box.Of(new(5, 17, 70)), new(12, 8, 8)),
            (new(6, 1, 20), Box.Of(new(6, 1, 20)), new(3, 2, 1)),
            (new(4, 5, 1), Box.Of(new(4, 5, 1)), new(1, 2, 2)),
        })
            for (var seed = 0; seed < 5; seed++)
            {
                var random = new Random(seed);
                var affinities = new Volume<byte>(read, 3);
                foreach (ref var a in affinities.Data.AsSpan()) a = (byte)(random.Next(60) == 0 ? 0 : 200);
                var expected = Naive(affinities, size);
                var levels = Measure(affinities, core, size);
                for (var i = 0; i < levels.Data.Length; i++)
                {
                    var naive = expected[core.Begin.Z + i / (levels.Shape.X * levels.Shape.Y),
                        core.Begin.Y + i / levels.Shape.X % levels.Shape.Y, core.Begin.X + i % levels.Shape.X];
                    Assert.Equal(naive, levels.Data[i]);
                }
            }
    }

    [Fact]
    public void Without_a_boundary_all_is_as_far_as_can_be()
    {
        var affinities = new Volume<byte>(new(3, 4, 5), 3);
        Array.Fill(affinities.Data, (byte)255);
        Assert.All(Measure(affinities, Box.Of(affinities.Shape), new(1, 1, 1)).Data, v => Assert.Equal(255, v));
    }

    private static Volume<byte> Measure(Volume<byte> affinities, Box core, VoxelSize size)
    {
        using var memory = new Flooded(core.Shape);
        using var distance = new InteriorDistance(size, 128);
        fixed (byte* z = affinities.Channel(0), y = affinities.Channel(1), x = affinities.Channel(2))
            distance.Measure(new(z, y, x), affinities.Shape, core, memory.Memory);
        return new Volume<byte>(core.Shape, 1, memory.Levels);
    }

    private static Volume<byte> Naive(Volume<byte> affinities, VoxelSize size)
    {
        var s = affinities.Shape;
        var boundary = new Volume<byte>(s);
        for (var z = 0; z < s.Z; z++)
            for (var y = 0; y < s.Y; y++)
                for (var x = 0; x < s.X; x++)
                {
                    if (z > 0 && affinities[0, z, y, x] < 128) boundary[z, y, x] = boundary[z - 1, y, x] = 1;
                    if (y > 0 && affinities[1, z, y, x] < 128) boundary[z, y, x] = boundary[z, y - 1, x] = 1;
                    if (x > 0 && affinities[2, z, y, x] < 128) boundary[z, y, x] = boundary[z, y, x - 1] = 1;
                }
        var pitch = Math.Min(size.Y, size.X);
        if (s.Z > 1) pitch = Math.Min(pitch, size.Z);
        var result = new Volume<byte>(s);
        for (var i = 0; i < result.Data.Length; i++)
        {
            var least = double.PositiveInfinity;
            for (var j = 0; j < result.Data.Length; j++)
            {
                if (boundary.Data[j] == 0) continue;
                double z = (i / (s.Y * s.X) - j / (s.Y * s.X)) * size.Z, y = (i / s.X % s.Y - j / s.X % s.Y) * size.Y,
                    x = (i % s.X - j % s.X) * size.X;
                least = Math.Min(least, z * z + y * y + x * x);
            }
            result.Data[i] = (byte)Math.Min(255, Math.Floor(Math.Sqrt(least) * 4 / pitch + 0.5));
        }
        return result;
    }
}
