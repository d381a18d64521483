using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>Finds clefts in a probability map, and the segments on both sides of each.</summary>
/// <remarks>
/// The idea: a cleft is a connected set of probable voxels with a very probable one in it (hysteresis, Canny 1986).
/// Each of its voxels looks around itself and votes: which segments are near, which two are nearest, how much
/// presynaptic probability each of them shows. A cleft's votes are sums of its voxels' votes, so a cleft cut by block
/// faces is put together by adding up, and the result does not depend on the cut. The presynaptic partner is the
/// segment with the most presynaptic probability (vesicles and bars taught the network that map); every other segment that
/// faces enough of the cleft's surest voxels is a postsynaptic one (in flies one site has several), one row each. Contacts of
/// one pair that are the same synapse seen twice are joined. Given up: a learned pairing (Buhmann et al. 2021).
/// </remarks>
public static class SynapseDetector
{
    /// <summary>Finds the synapses of a volume of any size, block by block.</summary>
    /// <param name="maps">Cleft map, presynaptic map, segments.</param>
    /// <param name="voxelSize">nm.</param>
    /// <param name="options">Thresholds; <see cref="SynapseOptions.For"/> has the defaults.</param>
    /// <param name="block">Extent of a block, voxels; a halo of the reach is read around it.</param>
    /// <param name="threads">Blocks worked on at once.</param>
    /// <param name="progress">Told the number of blocks done, from any thread.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>Rows with ids 1..n; clefts in the order of each one's first voxel (z, y, x), partners by descending
    /// size, then id. Score = mean probability of the voxels that face the partner; Block = the number of the block
    /// that holds the cleft's first voxel. No autapses: pre and post differ.</returns>
    /// <exception cref="ArgumentException">Shapes, channels or options do not fit.</exception>
    /// <remarks>The rows do not depend on the block extent, but for Block, nor on threads. Time goes with cleft voxels
    /// times voxels within the reach.</remarks>
    public static IReadOnlyList<Synapse> Detect(SynapseMaps maps, VoxelSize voxelSize, SynapseOptions options,
        Index3 block,
        int threads = 1, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        maps.Validate();
        options.Validate();
        var whole = Box.Of(maps.Maps.Shape);
        var boxes = whole.Tile(block).ToArray();
        var parts = new CleftParts[boxes.Length];
        var done = 0;
        Parallel.For(0, boxes.Length, new ParallelOptions
        {
            MaxDegreeOfParallelism = threads,
            CancellationToken = cancel
        }, b =>
        {
            var read = boxes[b].Grow(Halo(voxelSize, options)).Intersect(whole);
            var probabilities = maps.Maps.Read(read);
            var segments = maps.Segments.Read(read);
            parts[b] = DetectBlock(probabilities, maps.CleftChannel, maps.PresynapticChannel, segments, read, boxes[b],
                whole,
                voxelSize, options, b);
            progress?.Report(Interlocked.Increment(ref done));
        });
        return Join(parts, voxelSize, options);
    }

    /// <summary>The halo a block is read with: the reach, in voxels.</summary>
    public static Index3 Halo(VoxelSize voxelSize, SynapseOptions options) => new(
        (int)(options.ReachNm / voxelSize.Z), (int)(options.ReachNm / voxelSize.Y),
            (int)(options.ReachNm / voxelSize.X));

    /// <summary>Finds the clefts, and parts of clefts, of one block.</summary>
    /// <param name="maps">The maps of <paramref name="read"/>.</param>
    /// <param name="cleftChannel">The channel of the clefts.</param>
    /// <param name="presynapticChannel">The channel of the presynaptic side, or null.</param>
    /// <param name="segments">The segments of <paramref name="read"/>.</param>
    /// <param name="read">The block with its halo, clipped to the volume.</param>
    /// <param name="core">The block.</param>
    /// <param name="volume">The whole volume.</param>
    /// <param name="voxelSize">nm.</param>
    /// <param name="options">Thresholds.</param>
    /// <param name="blockIndex">The block's number.</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public static CleftParts DetectBlock(Volume<byte> maps, int cleftChannel, int? presynapticChannel,
        Volume<ulong> segments,
        Box read, Box core, Box volume, VoxelSize voxelSize, SynapseOptions options, int blockIndex)
    {
        if (maps.Shape != read.Shape || segments.Shape != read.Shape || !read.Contains(core) || !volume.Contains(read))
            throw new ArgumentException(
                $"Maps {maps.Shape} and segments {segments.Shape} do not cover {read}, which holds {core}.");
        var frame = new BlockFrame(read, core, volume.Shape, blockIndex);
        var cleft = maps.Channel(cleftChannel);
        var parts = CleftLabels.Find(cleft, frame, (byte)Math.Ceiling(options.LowThreshold * 255));
        var neighbourhood = new Neighbourhood(voxelSize, options.ReachNm);
        var presynaptic = presynapticChannel is { } channel ? maps.Channel(channel) : default;
        foreach (var part in parts)
            part.Vote(frame, neighbourhood, cleft, presynaptic, segments.Data,
                (byte)Math.Ceiling(options.PresynapticThreshold * 255), (byte)(options.SureThreshold * 255));
        return new CleftParts(frame, parts);
    }

    /// <summary>Puts the clefts of all blocks together and names their partners.</summary>
    /// <param name="parts">What <see cref="DetectBlock"/> found in blocks that tile the volume; in any order.</param>
    /// <param name="voxelSize">nm.</param>
    /// <param name="options">The thresholds that the parts were found with.</param>
    /// <returns>See <see cref="Detect"/>.</returns>
    public static IReadOnlyList<Synapse> Join(IEnumerable<CleftParts> parts, VoxelSize voxelSize,
        SynapseOptions options)
    {
        var clefts = CleftParts.Join(parts);
        clefts.Sort((a, b) => a.FirstVoxel.CompareTo(b.FirstVoxel));
        var partners = new PartnerRule(voxelSize, options);
        var rows = new List<Synapse>();
        foreach (var cleft in clefts)
            rows.AddRange(partners.Rows(cleft));
        return [.. RepeatedContacts.Join(rows, options.SameSynapseNm).Select((row, i) => row with { Id = (ulong)i + 1 })];
    }
}
