using FsCheck;
using FsCheck.Fluent;

namespace Connecto.Volumes.Tests;

/// <summary>Properties over seeds: a failure prints the seed, which is the whole example.</summary>
internal static class Forall
{
    public static void Seed(Action<Random> holds, int times = 100) =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            holds(new Random(seed));
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(times));

    /// <summary>Ids that come in runs, as tissue has them: of <paramref name="ids"/> kinds, 0 among them, some beyond 2^53.</summary>
    public static Volume<ulong> Labels(Random random, Index3 shape, int ids, int channels = 1)
    {
        var volume = new Volume<ulong>(shape, channels);
        var names = Enumerable.Range(0, ids).Select(i => i == 0 ? 0 : (ulong)random.NextInt64(1, long.MaxValue)).ToArray();
        var id = 0ul;
        for (var i = 0; i < volume.Data.Length; i++)
        {
            if (random.Next(4) == 0) id = names[random.Next(ids)];
            volume.Data[i] = id;
        }
        return volume;
    }

    public static Index3 Shape(Random random, int largest) =>
        new(random.Next(1, largest + 1), random.Next(1, largest + 1), random.Next(1, largest + 1));

    public static Box BoxIn(Random random, Index3 shape)
    {
        var (z, y, x) = (random.Next(shape.Z), random.Next(shape.Y), random.Next(shape.X));
        return new Box(new(z, y, x), new(random.Next(z, shape.Z) + 1, random.Next(y, shape.Y) + 1, random.Next(x, shape.X) + 1));
    }
}
