namespace Connecto.Volumes.Tests.Precomputed;

/// <summary>The compressed_segmentation format read voxel by voxel and written the plainest way, straight from its
/// specification; x, y, z order as there.</summary>
internal static class CompressedSegmentationOracle
{
    /// <summary>The value at one place.</summary>
    /// <param name="bytes">The whole multi-channel chunk.</param>
    public static ulong ValueAt(byte[] bytes, int channel, int x, int y, int z, (int X, int Y, int Z) size, (int X, int Y, int Z) block, int idBytes)
    {
        var start = 4 * (long)Word(bytes, 4L * channel);
        var (gx, gy) = ((size.X + block.X - 1) / block.X, (size.Y + block.Y - 1) / block.Y);
        var header = start + 8 * (x / block.X + (long)gx * (y / block.Y + (long)gy * (z / block.Z)));
        var lookupTableOffset = Word(bytes, header) & 0xFFFFFF;
        var encodedBits = (int)(Word(bytes, header) >> 24);
        var encodedValuesOffset = Word(bytes, header + 4);
        Assert.Contains(encodedBits, new[] { 0, 1, 2, 4, 8, 16, 32 });
        var bitOffset = encodedBits * (x % block.X + (long)block.X * (y % block.Y + (long)block.Y * (z % block.Z)));
        var index = 0ul;
        if (encodedBits > 0)
            index = (ulong)Word(bytes, start + 4 * (encodedValuesOffset + bitOffset / 32)) >> (int)(bitOffset % 32) & ((1ul << encodedBits) - 1);
        var entry = start + 4 * (long)lookupTableOffset + (long)index * idBytes;
        return idBytes == 4 ? Word(bytes, entry) : Word(bytes, entry) | (ulong)Word(bytes, entry + 4) << 32;
    }

    /// <summary>Encodes with tables before values, unsorted, nothing shared, and more bits than needed.</summary>
    public static byte[] Encode(Volume<ulong> voxels, Index3 block, int idBytes, Random random)
    {
        var words = new List<uint>(new uint[voxels.Channels]);
        for (var c = 0; c < voxels.Channels; c++)
        {
            var start = words.Count;
            words[c] = (uint)start;
            var blocks = Box.Of(voxels.Shape).Tile(block).ToArray();
            words.AddRange(new uint[2 * blocks.Length]);
            for (var b = 0; b < blocks.Length; b++)
            {
                var ids = Voxels(blocks[b]).Select(at => voxels[c, at.Z, at.Y, at.X]).Distinct().OrderBy(_ => random.Next()).ToList();
                var least = new[] { 0, 1, 2, 4, 8, 16, 32 }.First(bits => ids.Count <= 1L << bits);
                var bits = new[] { 0, 1, 2, 4, 8, 16, 32 }.Where(bits => bits >= least).ElementAt(random.Next(least == 32 ? 1 : 2));
                words[start + 2 * b] = (uint)(words.Count - start) | (uint)bits << 24;
                foreach (var id in ids)
                {
                    words.Add((uint)id);
                    if (idBytes == 8) words.Add((uint)(id >> 32));
                }
                words[start + 2 * b + 1] = (uint)(words.Count - start);
                var values = new uint[(block.Count * bits + 31) / 32];
                foreach (var at in bits == 0 ? [] : Voxels(blocks[b]))
                {
                    var place = at - blocks[b].Begin;
                    var bit = bits * (place.X + (long)block.X * (place.Y + (long)block.Y * place.Z));
                    values[bit / 32] |= (uint)ids.IndexOf(voxels[c, at.Z, at.Y, at.X]) << (int)(bit % 32);
                }
                words.AddRange(values);
            }
        }
        return [.. words.SelectMany(BitConverter.GetBytes)];
    }

    private static uint Word(byte[] bytes, long at) => (uint)(bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24);

    private static IEnumerable<Index3> Voxels(Box box)
    {
        for (var z = box.Begin.Z; z < box.End.Z; z++)
            for (var y = box.Begin.Y; y < box.End.Y; y++)
                for (var x = box.Begin.X; x < box.End.X; x++)
                    yield return new Index3(z, y, x);
    }
}
