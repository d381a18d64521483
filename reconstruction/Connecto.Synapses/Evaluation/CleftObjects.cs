using System.Runtime.InteropServices;
using Connecto.Graph;
using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>What one cleft of a label volume is.</summary>
public enum CleftIdentity
{
    /// <summary>A mask where the labelled voxels fall into more 26-connected pieces than there are values, else
    /// ids.</summary>
    Guessed,

    /// <summary>All voxels of an id.</summary>
    Ids,

    /// <summary>A 26-connected component of the voxels of an id.</summary>
    Components,

    /// <summary>A 26-connected component of all labelled voxels.</summary>
    Mask,
}

/// <summary>One cleft.</summary>
/// <param name="Id">Label, or number of the component.</param>
/// <param name="Voxels">Its size.</param>
/// <param name="Centre">The mean of its voxels' centres, nm.</param>
public readonly record struct CleftObject(ulong Id, long Voxels, Site Centre);

/// <summary>The clefts of a volume, as runs of voxels.</summary>
/// <remarks>Clefts are a small part of tissue: the volume is read slab by slab and only its runs are kept, 24 B
/// each.</remarks>
public sealed class CleftObjects
{
    /// <summary>The background of CREMI's files, besides 0.</summary>
    public const ulong CremiBackground = ulong.MaxValue;

    private const long SlabVoxels = 16 << 20;

    private CleftObjects(Index3 shape, VoxelSize voxelSize, List<CleftRun> runs)
    {
        (Shape, VoxelSize, Runs) = (shape, voxelSize, runs);
        foreach (var run in runs) Voxels += run.Length;
        Objects = [.. runs.GroupBy(r => r.Id).OrderBy(g => g.Key).Select(g => Object(g.Key, g))];
    }

    /// <summary>Extent of the volume.</summary>
    public Index3 Shape { get; }

    /// <summary>nm.</summary>
    public VoxelSize VoxelSize { get; }

    /// <summary>The clefts by ascending id.</summary>
    public IReadOnlyList<CleftObject> Objects { get; }

    /// <summary>Voxels of all clefts.</summary>
    public long Voxels { get; }

    /// <summary>Ascending by z, y, x.</summary>
    internal List<CleftRun> Runs { get; }

    /// <summary>The clefts of a label volume: instance ids or a mask; 0 and 2^64-1 are background.</summary>
    /// <exception cref="InvalidDataException">The volume cannot be read.</exception>
    public static CleftObjects OfLabels(
        ChunkedVolume<ulong> labels, VoxelSize voxelSize, CleftIdentity identity, CancellationToken cancel = default)
    {
        var runs = new List<CleftRun>();
        foreach (var slab in Slabs(labels, cancel))
        {
            var voxels = labels.Read(slab);
            ForEachRow(slab, (z, y, at) => AddRuns(runs, z, y, voxels.Data.AsSpan(at, slab.Shape.X)));
        }
        return new(labels.Shape, voxelSize, identity switch
        {
            CleftIdentity.Ids => runs,
            CleftIdentity.Components => RunComponents.Number(runs),
            CleftIdentity.Mask => RunComponents.Number(Joined(runs)),
            _ => Guess(runs),
        });
    }

    /// <summary>The clefts that the detector takes from a map: components above the low threshold that reach the high one
    /// somewhere, of a fitting volume.</summary>
    /// <param name="maps">Probabilities in [0, 255].</param>
    /// <param name="channel">The channel of the clefts.</param>
    /// <param name="voxelSize">nm.</param>
    /// <param name="options">Thresholds and volumes.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="ArgumentException">There is no such channel, or an option is out of range.</exception>
    public static CleftObjects OfMap(
        ChunkedVolume<byte> maps, int channel, VoxelSize voxelSize, SynapseOptions options, CancellationToken cancel = default)
    {
        options.Validate();
        if (channel < 0 || channel >= maps.Channels)
            throw new ArgumentException($"The maps have {maps.Channels} channels; {channel} is not one.", nameof(channel));
        var low = (byte)Math.Ceiling(options.LowThreshold * 255);
        var runs = new List<CleftRun>();
        var peaks = new List<byte>();
        foreach (var slab in Slabs(maps, cancel))
        {
            var voxels = maps.Read(slab);
            var offset = (int)(channel * slab.Count);
            ForEachRow(slab, (z, y, at) => AddRuns(runs, peaks, z, y, voxels.Data.AsSpan(offset + at, slab.Shape.X), low));
        }
        var numbered = RunComponents.Number(runs);
        var kept = Kept(numbered, peaks, voxelSize.Z * voxelSize.Y * voxelSize.X, options);
        return new(maps.Shape, voxelSize, numbered.FindAll(r => kept.Contains(r.Id)));
    }

    private static List<CleftRun> Guess(List<CleftRun> runs)
    {
        var pieces = RunComponents.Number(Joined(runs));
        return Ids(pieces) > Ids(runs) ? pieces : runs;

        static int Ids(List<CleftRun> runs) => runs.Select(r => r.Id).Distinct().Count();
    }

    /// <summary>The runs without their ids: those that meet within a row are one.</summary>
    private static List<CleftRun> Joined(List<CleftRun> runs)
    {
        var result = new List<CleftRun>(runs.Count);
        foreach (var run in runs)
            if (result.Count > 0 && result[^1] is var last && (last.Z, last.Y, last.End) == (run.Z, run.Y, run.Begin))
                result[^1] = last with { End = run.End };
            else result.Add(run with { Id = 1 });
        return result;
    }

    private static IEnumerable<Box> Slabs<T>(ChunkedVolume<T> volume, CancellationToken cancel) where T : unmanaged
    {
        var shape = volume.Shape;
        if (shape.Count == 0) yield break;
        var chunk = Math.Max(1, volume.Chunk.Z);
        var sections = Math.Max(1, SlabVoxels / (volume.Channels * (long)shape.Y * shape.X));
        var thickness = (int)Math.Min(shape.Z, sections >= chunk ? sections / chunk * chunk : sections);
        foreach (var slab in Box.Of(shape).Tile(new(thickness, shape.Y, shape.X)))
        {
            cancel.ThrowIfCancellationRequested();
            yield return slab;
        }
    }

    private static void ForEachRow(Box slab, Action<int, int, int> row)
    {
        var size = slab.Shape;
        for (var z = 0; z < size.Z; z++)
            for (var y = 0; y < size.Y; y++)
                row(slab.Begin.Z + z, y, (z * size.Y + y) * size.X);
    }

    private static void AddRuns(List<CleftRun> runs, int z, int y, ReadOnlySpan<ulong> row)
    {
        for (var x = 0; x < row.Length;)
        {
            var skip = row[x..].IndexOfAnyExcept(0UL, CremiBackground);
            if (skip < 0) break;
            x += skip;
            var length = row[x..].IndexOfAnyExcept(row[x]);
            var end = length < 0 ? row.Length : x + length;
            runs.Add(new(z, y, x, end, row[x]));
            x = end;
        }
    }

    private static void AddRuns(List<CleftRun> runs, List<byte> peaks, int z, int y, ReadOnlySpan<byte> row, byte low)
    {
        for (var x = 0; x < row.Length;)
        {
            var skip = row[x..].IndexOfAnyInRange(low, byte.MaxValue);
            if (skip < 0) break;
            x += skip;
            var length = row[x..].IndexOfAnyExceptInRange(low, byte.MaxValue);
            var end = length < 0 ? row.Length : x + length;
            var peak = low;
            foreach (var p in row[x..end]) peak = Math.Max(peak, p);
            runs.Add(new(z, y, x, end, 1));
            peaks.Add(peak);
            x = end;
        }
    }

    private static HashSet<ulong> Kept(List<CleftRun> runs, List<byte> peaks, double voxelNm3, SynapseOptions options)
    {
        var sizes = new Dictionary<ulong, (long Voxels, byte Peak)>();
        for (var i = 0; i < runs.Count; i++)
        {
            ref var size = ref CollectionsMarshal.GetValueRefOrAddDefault(sizes, runs[i].Id, out _);
            size = (size.Voxels + runs[i].Length, Math.Max(size.Peak, peaks[i]));
        }
        return [.. sizes.Where(s => s.Value.Peak >= options.HighThreshold * 255
            && s.Value.Voxels * voxelNm3 >= options.LeastVolumeNm3
            && s.Value.Voxels * voxelNm3 <= options.LargestVolumeNm3).Select(s => s.Key)];
    }

    private CleftObject Object(ulong id, IEnumerable<CleftRun> runs)
    {
        double count = 0, z = 0, y = 0, x = 0;
        foreach (var run in runs)
        {
            count += run.Length;
            z += (double)run.Z * run.Length;
            y += (double)run.Y * run.Length;
            x += (run.Begin + run.End - 1) / 2.0 * run.Length;
        }
        return new(id, (long)count, new((float)((z / count + 0.5) * VoxelSize.Z), (float)((y / count + 0.5) * VoxelSize.Y),
            (float)((x / count + 0.5) * VoxelSize.X)));
    }
}
