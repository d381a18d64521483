using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>The working memory of a flood and its steps: distance, basins, flood. Reused section after section, block
/// after block.</summary>
internal sealed unsafe class FloodScratch : IDisposable
{
    private readonly WatershedOptions _options;
    private readonly InteriorDistance _distance;
    private readonly SeedBasins _basins;
    private readonly AffinityFlood _flood = new();
    private readonly FragmentLabels _labels = new();
    private readonly FloodMemory _memory = new();
    private readonly VoxelSize _voxelSize;
    private int[] _names = [];

    public FloodScratch(VoxelSize voxelSize, WatershedOptions options, bool deep)
    {
        (_voxelSize, _options) = (voxelSize, options);
        _distance = new InteriorDistance(voxelSize, Threshold);
        var pitch = Math.Min(voxelSize.Y, voxelSize.X);
        if (deep) pitch = Math.Min(pitch, voxelSize.Z);
        _basins = new SeedBasins(options.SeedDepthNm * 4 / pitch, options.NeckRatio);
    }

    private byte Threshold => (byte)Math.Ceiling(_options.InteriorThreshold * 255);

    /// <summary>Floods a block.</summary>
    /// <param name="affinities">Of the block and its halo; z is not read for one section.</param>
    /// <param name="read">Voxels of the block with its halo.</param>
    /// <param name="core">The block, in that frame.</param>
    /// <param name="fragments">Written: the block's voxels in C order, 0 = background, 1..n.</param>
    /// <returns>n.</returns>
    public int Flood(Affinities affinities, Index3 read, Box core, Span<uint> fragments)
    {
        _memory.Prepare(core.Shape);
        _distance.Measure(affinities, read, core, _memory);
        FaceCosts.Fill(affinities, read, core, _memory);
        SeedBasins.Climb(_memory);
        var voxelNm = Math.Sqrt(_voxelSize.Y * _voxelSize.X);
        var across = _options.IslandNm / voxelNm;
        var least = (int)Math.Max(1, core.Shape.Z == 1 ? across * across : across * across * _options.IslandNm / _voxelSize.Z);
        _flood.Run(_memory, new(255 - Threshold, least), 255 - (int)Math.Ceiling(_options.BackgroundThreshold * 255));
        _labels.Follow(_memory);
        return Number(_basins.Join(_memory, _labels.Peaks), fragments);
    }

    /// <summary>Names fragments 1..n in the order of their first voxels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Number(ReadOnlySpan<int> basins, Span<uint> fragments)
    {
        if (_names.Length < basins.Length) _names = new int[basins.Length * 5 / 4];
        Array.Clear(_names, 0, basins.Length);
        var (layout, next) = (_memory.Layout, 0);
        for (int z = 0, to = 0; z < layout.Shape.Z; z++)
            for (var y = 0; y < layout.Shape.Y; y++)
            {
                var row = new ReadOnlySpan<int>(_memory.Labels + layout.At(z, y), layout.Shape.X);
                int last = 0;
                uint name = 0;
                foreach (var label in row)
                {
                    if (label != last)
                    {
                        last = label;
                        var basin = basins[label];
                        if (label != 0 && _names[basin] == 0) _names[basin] = ++next;
                        name = (uint)_names[basin];
                    }
                    fragments[to++] = name;
                }
            }
        return next;
    }

    public void Dispose()
    {
        _memory.Dispose();
        _distance.Dispose();
    }
}
