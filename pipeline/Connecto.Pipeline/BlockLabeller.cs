using Connecto.Segmentation;
using Connecto.Volumes;
using Connecto.Volumes.Precomputed;

namespace Connecto.Pipeline;

/// <summary>Labels the fragments of one block after another, with memory that it keeps; one a thread.</summary>
internal sealed class BlockLabeller(PrecomputedVolume<byte> affinities, PrecomputedVolume<ulong> fragments,
    WatershedOptions options) : IDisposable
{
    private readonly BlockFlood _flood = new(affinities.VoxelSize, options);
    private Volume<byte> _read = new(default, 3);
    private Volume<uint> _labels = new(default);
    private Volume<ulong> _ids = new(default);

    /// <summary>Memory that a block takes: affinities with the halo, the flood's, labels, and the distances of the block in
    /// y and x with the halo in z.</summary>
    public static long BytesFor(Box block, Index3 halo, Index3 shape)
    {
        var read = block.Grow(halo).Intersect(Box.Of(shape)).Shape;
        // Without a halo in z, sections are flooded one by one.
        var sections = halo.Z == 0 ? 1 : block.Shape.Z;
        var plane = (long)block.Shape.Y * block.Shape.X;
        return read.Count * 3 + block.Count * 5 + sections * plane * 13 + (halo.Z == 0 ? 1 : read.Z) * plane * 2 + (16 << 20);
    }

    /// <summary>Labels a block, writes its fragments, and measures what the region graph needs of it.</summary>
    public BlockGraph Label(Box block, Index3 halo, int index)
    {
        var read = block.Grow(halo).Intersect(Box.Of(affinities.Shape));
        if (_read.Shape != read.Shape) _read = new Volume<byte>(read.Shape, 3);
        if (_labels.Shape != block.Shape) _labels = new Volume<uint>(block.Shape);
        affinities.Read(read, _read);
        var core = block.Shift(default(Index3) - read.Begin);
        var count = _flood.Label(_read, core, _labels);
        // A pass that moves fragments' borders within the block belongs here: labels and affinities with the halo are at
        // hand, and what is measured and written next is final.
        var graph = BlockGraph.Measure(_labels, count, _read, core, block.Begin, index);
        Write(block, FragmentBlock.IdBase(index));
        return graph;
    }

    public void Dispose() => _flood.Dispose();

    private void Write(Box block, ulong idBase)
    {
        foreach (var chunk in block.Tile(fragments.Chunk))
        {
            if (_ids.Shape != chunk.Shape) _ids = new Volume<ulong>(chunk.Shape);
            var (ids, size, from) = (_ids, chunk.Shape, chunk.Begin - block.Begin);
            for (int z = 0, i = 0; z < size.Z; z++)
                for (var y = 0; y < size.Y; y++)
                    foreach (var label in _labels.Slice(from.Z + z).Slice((from.Y + y) * block.Shape.X + from.X, size.X))
                        ids.Data[i++] = label == 0 ? 0 : idBase + label;
            fragments.Write(chunk, ids);
        }
    }
}
