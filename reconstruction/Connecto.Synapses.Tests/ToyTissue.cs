using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>Small made tissue with clefts.</summary>
internal sealed class ToyTissue(Index3 shape)
{
    public Volume<ulong> Segments { get; } = new(shape);

    /// <summary>Channels as a network gives them: 3 affinities, cleft, presynaptic side.</summary>
    public Volume<byte> Probabilities { get; } = new(shape, 5);

    public long CleftVoxels => Probabilities.Channel(3).ToArray().LongCount(p => p > 0);

    public SynapseMaps Maps() =>
        new(new MemoryVolume<byte>(Probabilities, new(10, 10, 10)), new MemoryVolume<ulong>(Segments, new(10, 10, 10)));

    public ulong At(Site site, VoxelSize size) =>
        Segments[(int)(site.Z / size.Z), (int)(site.Y / size.Y), (int)(site.X / size.X)];

    /// <summary>Segment 1 above the plane y, segments 2 and 3 below it left and right of x, a flat cleft in the
    /// plane.</summary>
    public void AddPolyad(int z, int y, int x)
    {
        for (var i = 0; i < shape.Z; i++)
            for (var j = 0; j < shape.Y; j++)
                for (var k = 0; k < shape.X; k++)
                {
                    Segments[i, j, k] = j < y ? 1ul : k < x ? 2ul : 3;
                    if (Math.Abs(i - z) <= 2 && j >= y - 1 && j <= y && Math.Abs(k - x) <= 5)
                        Probabilities[3, i, j, k] = 255;
                    if (Math.Abs(i - z) <= 2 && j < y && j >= y - 5 && Math.Abs(k - x) <= 5)
                        Probabilities[4, i, j, k] = 255;
                }
    }

    /// <summary>Blocks of random segments and smooth random maps.</summary>
    public static ToyTissue Random(Index3 shape, int seed)
    {
        var random = new Random(seed);
        var toy = new ToyTissue(shape);
        var ids = new ulong[64];
        for (var i = 0; i < ids.Length; i++) ids[i] = (ulong)random.Next(8);
        double a = random.NextDouble() * 6, b = random.NextDouble() * 6;
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
                for (var x = 0; x < shape.X; x++)
                {
                    toy.Segments[z, y, x] = ids[(z / 5 + y / 7 * 5 + x / 6 * 11) % 64];
                    var wave = Math.Sin(x * 0.7 + a) * Math.Sin(y * 0.6 + b) * Math.Sin(z * 0.8 + a);
                    toy.Probabilities[3, z, y, x] = (byte)(Math.Max(0, wave) * 200 + random.Next(40));
                    toy.Probabilities[4, z, y, x] = (byte)random.Next(256);
                }
        return toy;
    }
}
