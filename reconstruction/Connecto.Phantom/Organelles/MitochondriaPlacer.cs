using Connecto.Phantom.Tissue;

namespace Connecto.Phantom.Organelles;

/// <summary>Lays mitochondria as runs along neurites' centre lines, where there is room: one run a stretch of 850 nm at
/// most, with rounded ends and an axis beside the neurite's.</summary>
internal static class MitochondriaPlacer
{
    private const float Stretch = 850, LeastRoom = 62;

    /// <returns>How many there are; their ids are 1 to this, written into the skeleton's capsules.</returns>
    public static int Place(PhantomOptions options, Skeleton skeleton)
    {
        var key = PlaceRandom.Mix(options.Seed + 0x317);
        var capsules = skeleton.Capsules;
        var count = 0;
        foreach (var (first, length) in skeleton.Paths)
        {
            var at = capsules[first].Begin;
            var hash = PlaceRandom.Hash(key, (int)at.Z, (int)at.Y, (int)at.X);
            var i = first;
            while (i < first + length)
            {
                hash = PlaceRandom.Mix(hash);
                var wanted = 330 + 520 * PlaceRandom.Unit(hash);
                float run = 0, room = float.MaxValue;
                var end = i;
                while (end < first + length && run < wanted)
                {
                    run += capsules[end].Axis.Length;
                    room = MathF.Min(room, capsules[end].MitoRoom);
                    end++;
                }
                if (run >= 0.9f * wanted && room >= LeastRoom && PlaceRandom.Unit(hash, 24) < options.Mitochondria)
                    Lay(capsules.AsSpan(i, end - i), ++count, run, room, PlaceRandom.Mix(hash + 1));
                for (var gap = run; gap < Stretch && end < first + length; end++) gap += capsules[end].Axis.Length;
                i = end;
            }
        }
        return count;
    }

    private static void Lay(Span<Capsule> run, int id, float length, float room, ulong hash)
    {
        var radius = MathF.Min((0.5f + 0.25f * PlaceRandom.Unit(hash)) * room, 100 + 120 * PlaceRandom.Unit(hash, 12));
        var play = MathF.Max(0, room - radius - 16);
        float across = play * (2 * PlaceRandom.Unit(hash, 24) - 1) * 0.85f, up = play * (2 * PlaceRandom.Unit(hash, 40) - 1) * 0.85f;
        float at = 0;
        foreach (ref var c in run)
        {
            (c.Mito, c.MitoAcross, c.MitoUp) = (id, across, up);
            c.MitoBegin = radius * Profile(at / length);
            at += c.Axis.Length;
            c.MitoEnd = radius * Profile(at / length);
        }
    }

    /// <summary>Radius along the run: round at both ends, nearly even between.</summary>
    private static float Profile(float t)
    {
        var u = 2 * t - 1;
        u *= u;
        return MathF.Sqrt(MathF.Max(0, 1 - u * u));
    }
}
