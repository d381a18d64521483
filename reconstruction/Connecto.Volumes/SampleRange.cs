using System.Numerics;

namespace Connecto.Volumes;

/// <summary>The least and the greatest sample of a volume, and the linear map of that range to bytes.</summary>
/// <param name="Least">Becomes 0.</param>
/// <param name="Greatest">Becomes 255; a volume of one value becomes 0.</param>
internal readonly record struct SampleRange(ulong Least, ulong Greatest)
{
    /// <summary>No sample yet.</summary>
    public static SampleRange None => new(ulong.MaxValue, 0);

    public SampleRange Union(SampleRange other) =>
        new(Math.Min(Least, other.Least), Math.Max(Greatest, other.Greatest));

    /// <summary>Maps a sample of the range, rounded to the nearest byte.</summary>
    public byte Map(ulong sample)
    {
        var span = (UInt128)(Greatest - Least);
        return span == 0 ? (byte)0 : (byte)(((UInt128)(sample - Least) * 255 + span / 2) / span);
    }

    public static SampleRange Of<T>(ReadOnlySpan<T> samples) where T : unmanaged, IBinaryInteger<T>
    {
        if (samples.IsEmpty) return None;
        var (least, greatest) = (samples[0], samples[0]);
        foreach (var sample in samples)
        {
            if (sample < least) least = sample;
            if (sample > greatest) greatest = sample;
        }
        return new SampleRange(ulong.CreateTruncating(least), ulong.CreateTruncating(greatest));
    }

    /// <summary>The range of a whole volume, one pass of slabs on all cores.</summary>
    public static SampleRange Of<T>(ChunkedVolume<T> volume) where T : unmanaged, IBinaryInteger<T>
    {
        var boxes = Box.Of(volume.Shape).Tile(volume.Chunk);
        return boxes.AsParallel().Select(box => Of<T>(volume.Read(box).Data)).Aggregate(None, (a, b) => a.Union(b));
    }

    /// <summary>A view of a volume in bytes; reads the volume once for its range.</summary>
    public static ChunkedVolume<byte> Narrow<T>(ChunkedVolume<T> volume, VoxelSize voxelSize)
        where T : unmanaged, IBinaryInteger<T>
    {
        var range = Of(volume);
        return new ConvertedVolume<T, byte>(volume, voxelSize, (from, to) => range.Map(from, to));
    }

    /// <summary>Maps samples; 16-bit ones through a table.</summary>
    public void Map<T>(ReadOnlySpan<T> from, Span<byte> to) where T : unmanaged, IBinaryInteger<T>
    {
        if (Greatest - Least <= ushort.MaxValue && from.Length > 4096)
        {
            var table = new byte[Greatest - Least + 1];
            for (var i = 0; i < table.Length; i++) table[i] = Map(Least + (ulong)i);
            var least = T.CreateTruncating(Least);
            for (var i = 0; i < from.Length; i++) to[i] = table[int.CreateTruncating(from[i] - least)];
            return;
        }
        for (var i = 0; i < from.Length; i++) to[i] = Map(ulong.CreateTruncating(from[i]));
    }
}
