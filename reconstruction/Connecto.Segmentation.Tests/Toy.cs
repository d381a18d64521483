using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Small made volumes.</summary>
internal static class Toy
{
    /// <summary>Labels 0..kinds-1, each voxel by itself.</summary>
    public static Volume<ulong> Noise(Index3 shape, int kinds, int seed)
    {
        var random = new Random(seed);
        var result = new Volume<ulong>(shape);
        foreach (ref var v in result.Data.AsSpan()) v = (ulong)random.Next(kinds);
        return result;
    }

    /// <summary>Cells of a Voronoi diagram, ids 1..cells; distances in nm.</summary>
    public static Volume<ulong> Cells(Index3 shape, VoxelSize size, int cells, int seed)
    {
        var random = new Random(seed);
        var centres = Enumerable.Range(0, cells)
            .Select(_ => (Z: random.NextDouble() * shape.Z, Y: random.NextDouble() * shape.Y,
                X: random.NextDouble() * shape.X)).ToArray();
        var result = new Volume<ulong>(shape);
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
                for (var x = 0; x < shape.X; x++)
                {
                    var (best, least) = (0, double.PositiveInfinity);
                    for (var i = 0; i < cells; i++)
                    {
                        double dz = (z - centres[i].Z) * size.Z, dy = (y - centres[i].Y) * size.Y,
                            dx = (x - centres[i].X) * size.X;
                        var d = dz * dz + dy * dy + dx * dx;
                        if (d < least) (best, least) = (i, d);
                    }
                    result[z, y, x] = (ulong)best + 1;
                }
        return result;
    }

    /// <summary>Exact affinities of labels: 255 within a cell, 0 across; 0 at label 0.</summary>
    public static Volume<byte> Affinities(Volume<ulong> labels)
    {
        var s = labels.Shape;
        var result = new Volume<byte>(s, 3);
        for (var z = 0; z < s.Z; z++)
            for (var y = 0; y < s.Y; y++)
                for (var x = 0; x < s.X; x++)
                {
                    var id = labels[z, y, x];
                    if (id == 0) continue;
                    if (z > 0 && labels[z - 1, y, x] == id) result[0, z, y, x] = 255;
                    if (y > 0 && labels[z, y - 1, x] == id) result[1, z, y, x] = 255;
                    if (x > 0 && labels[z, y, x - 1] == id) result[2, z, y, x] = 255;
                }
        return result;
    }

    /// <summary>Random affinities, smooth enough to have basins.</summary>
    public static Volume<byte> SmoothAffinities(Index3 shape, int seed)
    {
        var random = new Random(seed);
        var phases = Enumerable.Range(0, 9).Select(_ => random.NextDouble() * 6.28).ToArray();
        var result = new Volume<byte>(shape, 3);
        for (var c = 0; c < 3; c++)
            for (var z = 0; z < shape.Z; z++)
                for (var y = 0; y < shape.Y; y++)
                    for (var x = 0; x < shape.X; x++)
                    {
                        var wave = Math.Sin(x * 0.5 + phases[0]) * Math.Sin(y * 0.4 + phases[1])
                            + 0.5 * Math.Sin(z * 0.6 + x * 0.2 + phases[2]);
                        result[c, z, y, x] = (byte)Math.Clamp(180 + wave * 150 + random.Next(-20, 21), 0, 255);
                    }
        return result;
    }

    /// <summary>The same cut under other names: a bijection of the non-zero ids, 0 to 0.</summary>
    public static bool SameCut(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        var forth = new Dictionary<ulong, ulong> { [0] = 0 };
        var back = new Dictionary<ulong, ulong> { [0] = 0 };
        for (var i = 0; i < a.Length; i++)
        {
            if (!forth.TryAdd(a[i], b[i]) && forth[a[i]] != b[i]) return false;
            if (!back.TryAdd(b[i], a[i]) && back[b[i]] != a[i]) return false;
        }
        return a.Length == b.Length;
    }
}
