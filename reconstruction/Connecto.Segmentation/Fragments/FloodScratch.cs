using System.Runtime.InteropServices;
using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>The working memory of a flood and its three steps: distance, basins, flood. Reused section after
/// section.</summary>
internal sealed class FloodScratch
{
    private readonly Index3 _shape;
    private readonly WatershedOptions _options;
    private readonly DistanceTransform _distance;
    private readonly SeedBasins _basins;
    private readonly AffinityFlood _flood;
    private readonly float[] _squared;
    private readonly ushort[] _levels;
    private readonly int[] _labels;
    private readonly uint[] _faces;
    private readonly double _levelsPerNm;
    private readonly Islands _islands;

    public FloodScratch(Index3 shape, VoxelSize voxelSize, WatershedOptions options)
    {
        (_shape, _options) = (shape, options);
        var voxels = checked((int)shape.Count);
        (_squared, _levels, _labels, _faces) = (new float[voxels], new ushort[voxels], new int[voxels],
            new uint[voxels]);

        // A quarter of the smallest pitch tells apart all distances that matter; 65535 quarters are 16383 voxels.
        var pitch = Math.Min(voxelSize.Y, voxelSize.X);
        if (shape.Z > 1) pitch = Math.Min(pitch, voxelSize.Z);
        _levelsPerNm = 4 / pitch;
        _distance = new DistanceTransform(shape, voxelSize);
        _basins = new SeedBasins(shape, options.SeedDepthNm * _levelsPerNm, options.NeckRatio);
        _flood = new AffinityFlood(shape);
        var voxelNm = Math.Sqrt(voxelSize.Y * voxelSize.X);
        var across = options.IslandNm / voxelNm;
        _islands = new(255 - Threshold, (int)Math.Max(1, shape.Z == 1 ? across * across
            : across * across * options.IslandNm / voxelSize.Z));
    }

    /// <summary>The result: 0 = background, 1..n.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    private byte Threshold => (byte)Math.Ceiling(_options.InteriorThreshold * 255);

    /// <summary>Floods; <paramref name="z"/> may be empty for one section.</summary>
    public int Flood(ReadOnlySpan<byte> z, ReadOnlySpan<byte> y, ReadOnlySpan<byte> x)
    {
        MarkInterior(z, y, x);
        _distance.Transform(_squared);
        for (var i = 0; i < _squared.Length; i++)
            _levels[i] = _squared[i] == 0
                ? (ushort)0 : (ushort)Math.Clamp(Math.Sqrt(_squared[i]) * _levelsPerNm + 0.5, 1, 65535);

        // The distances are spent; their memory serves as the queue of the flood.
        var links = MemoryMarshal.Cast<float, int>(_squared.AsSpan());
        var count = _basins.Find(_levels, _labels);
        FaceCosts.Fill(_shape, z, y, x, _faces);
        count = _flood.Run(_faces, _labels, links, count, _islands,
            255 - (int)Math.Ceiling(_options.BackgroundThreshold * 255));
        Number(count);
        return count;
    }

    /// <summary>Renames labels 1..count in the order of their first voxels: floods grow to before where seeds
    /// began.</summary>
    private void Number(int count)
    {
        var names = new int[count + 1];
        var next = 0;
        foreach (ref var label in _labels.AsSpan())
        {
            if (label == 0) continue;
            if (names[label] == 0) names[label] = ++next;
            label = names[label];
        }
    }

    /// <summary>Infinity where every affinity of a voxel reaches the threshold, 0 elsewhere.</summary>
    /// <remarks>The least affinity, not the mean: a boundary may be as thin as the face between two voxels.</remarks>
    private void MarkInterior(ReadOnlySpan<byte> z, ReadOnlySpan<byte> y, ReadOnlySpan<byte> x)
    {
        var threshold = Threshold;
        int rowLength = _shape.X, plane = _shape.Y * _shape.X;
        Array.Fill(_squared, float.PositiveInfinity);
        for (var row = 0; row < _shape.Z * _shape.Y; row++)
        {
            var at = row * rowLength;
            var to = _squared.AsSpan(at, rowLength);
            var ax = x.Slice(at, rowLength);
            for (var i = 1; i < rowLength; i++)
                if (ax[i] < threshold) { to[i] = 0; to[i - 1] = 0; }
            if (row % _shape.Y > 0)
                MarkFaces(y.Slice(at, rowLength), threshold, to, _squared.AsSpan(at - rowLength, rowLength));
            if (row >= _shape.Y)
                MarkFaces(z.Slice(at, rowLength), threshold, to, _squared.AsSpan(at - plane, rowLength));
        }
    }

    private static void MarkFaces(ReadOnlySpan<byte> affinity, byte threshold, Span<float> upper, Span<float> lower)
    {
        for (var i = 0; i < affinity.Length; i++)
            if (affinity[i] < threshold) { upper[i] = 0; lower[i] = 0; }
    }
}
