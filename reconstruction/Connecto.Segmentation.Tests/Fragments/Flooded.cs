using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Working memory of a flood that tests fill and read in C order.</summary>
internal sealed unsafe class Flooded : IDisposable
{
    public Flooded(Index3 shape)
    {
        Shape = shape;
        Memory.Prepare(shape);
    }

    public Index3 Shape { get; }

    public FloodMemory Memory { get; } = new();

    public byte[] Levels
    {
        get => Each(at => Memory.Levels[at]);
        set => All((i, at) => Memory.Levels[at] = value[i]);
    }

    public int[] Labels => Each(at => Memory.Labels[at]);

    /// <summary>Affinities of channels z, y, x; of the volume alone, without a halo.</summary>
    public void SetCosts(Volume<byte> affinities)
    {
        fixed (byte* z = affinities.Channel(0), y = affinities.Channel(1), x = affinities.Channel(2))
            FaceCosts.Fill(new(z, y, x), Shape, Box.Of(Shape), Memory);
    }

    /// <summary>Every voxel that is not 0 is a peak of its own.</summary>
    public void SetSeeds(int[] seeds)
    {
        Levels = [.. seeds.Select(s => (byte)(s == 0 ? 0 : 1))];
        All((i, at) => Memory.Ways[at] = seeds[i] == 0 ? Way.None : Way.Peak);
    }

    /// <summary>The seed that each voxel's way leads to, by its number in <paramref name="seeds"/>; 0 = none, -1 = an
    /// island.</summary>
    public int[] Follow(int[] seeds)
    {
        new FragmentLabels().Follow(Memory);
        var names = Labels.Zip(seeds).Where(p => p.Second != 0).DistinctBy(p => p.First).ToDictionary(p => p.First, p => p.Second);
        return [.. Labels.Select(l => l == 0 ? 0 : names.GetValueOrDefault(l, -1))];
    }

    public void Dispose() => Memory.Dispose();

    private T[] Each<T>(Func<int, T> read)
    {
        var result = new T[Shape.Count];
        All((i, at) => result[i] = read(at));
        return result;
    }

    private void All(Action<int, int> act)
    {
        for (int z = 0, i = 0; z < Shape.Z; z++)
            for (var y = 0; y < Shape.Y; y++)
                for (var x = 0; x < Shape.X; x++)
                    act(i++, Memory.Layout.At(z, y) + x);
    }
}
