// The idea: each scale is made from the one before it, an output chunk at a time. An axis is halved while its voxel is
// shorter than twice the shortest, so thick sections are left alone until x and y have caught up; voxels become cubes
// and then stay so. Images are averaged. Labels take the commonest id of the window; on a tie, background yields to any
// id and otherwise the id met first in the window stays, so the result commutes with renaming ids.
// Given up: exact modes at coarse scales (the mode of modes is not the mode), which would need the finest scale each
// time.
namespace Connecto.Volumes.Precomputed;

/// <summary>Builds the coarser scales of a precomputed volume.</summary>
public static class Pyramid
{
    /// <summary>Replaces all scales of a volume but the finest by a new pyramid, down to the scale that fits one
    /// chunk.</summary>
    /// <param name="directory">The volume's folder.</param>
    /// <param name="options">Threads and limits.</param>
    /// <param name="progress">Told after every chunk, from any thread.</param>
    /// <param name="cancellation">Stops between chunks; the volume then lists the scales that were complete.</param>
    /// <returns>Scales that the volume has now, the finest included.</returns>
    /// <exception cref="InvalidDataException">The folder holds no volume that can be read, or a chunk is missing or
    /// corrupt.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <remarks>Each chunk is read about once a scale, a seventh more in all than reading the finest. Memory: up to
    /// eight chunks in and one out for each thread. The result is the same on any number of threads. Encoding, chunk
    /// and kind are those of the finest scale.</remarks>
    public static int Build(string directory, PyramidOptions? options = null, IProgress<PyramidProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var info = PrecomputedInfo.Read(directory);
        options ??= new PyramidOptions();
        return info.DataType switch
        {
            "uint8" => Build<byte>(info, options, progress, cancellation),
            "uint16" => Build<ushort>(info, options, progress, cancellation),
            "uint32" => Build<uint>(info, options, progress, cancellation),
            "uint64" => Build<ulong>(info, options, progress, cancellation),
            "float32" => Build<float>(info, options, progress, cancellation),
            var other => throw new InvalidDataException(
                $"{directory} holds voxels of {other}, which no pyramid is made of. Nothing was written."),
        };
    }

    private static int Build<T>(PrecomputedInfo info, PyramidOptions options, IProgress<PyramidProgress>? progress,
        CancellationToken cancellation) where T : unmanaged, System.Numerics.INumber<T>
    {
        var levels = Plan(info.Scales[0], options.MaxLevels);
        info = info.WithScales([info.Scales[0]]);
        info.Write();
        for (var level = 1; level <= levels.Count; level++)
        {
            // Listed only once it is whole: a viewer never sees half a scale.
            var next = info.WithScales([.. info.Scales, levels[level - 1]]);
            Directory.CreateDirectory(Path.Combine(info.Directory, levels[level - 1].Key));
            var (from, to) = (new PrecomputedVolume<T>(next, level - 1), new PrecomputedVolume<T>(next, level, options.Packing));
            var chunks = to.Chunks().ToArray();
            long done = 0;
            var here = level;
            var parallel = new ParallelOptions
            {
                MaxDegreeOfParallelism = options.Threads > 0 ? options.Threads : Environment.ProcessorCount,
                CancellationToken = cancellation,
            };
            Parallel.ForEach(chunks, parallel, chunk =>
            {
                to.Write(chunk, Downsample(from, to, chunk));
                progress?.Report(new PyramidProgress(here, levels.Count, Interlocked.Increment(ref done), chunks.Length));
            });
            info = next;
            info.Write();
        }
        return info.Scales.Count;
    }

    /// <summary>The scales that follow the finest one.</summary>
    internal static List<PrecomputedScale> Plan(PrecomputedScale finest, int maxLevels)
    {
        var levels = new List<PrecomputedScale>();
        for (var scale = finest; levels.Count < maxLevels && Index3.Max(scale.Shape, scale.Chunk) != scale.Chunk;)
        {
            var (size, factor) = (scale.VoxelSize, FactorOf(scale));
            if (factor == new Index3(1, 1, 1)) break;
            var coarser = new VoxelSize(size.Z * factor.Z, size.Y * factor.Y, size.X * factor.X);
            var begin = FloorDivide(scale.Offset, factor);
            var last = FloorDivide(scale.Offset + scale.Shape - new Index3(1, 1, 1), factor);
            scale = scale with
            {
                Key = PrecomputedScale.KeyOf(coarser),
                VoxelSize = coarser,
                Offset = begin,
                Shape = last - begin + new Index3(1, 1, 1),
            };
            levels.Add(scale);
        }
        return levels;
    }

    private static Index3 FactorOf(PrecomputedScale scale)
    {
        var (size, shape) = (scale.VoxelSize, scale.Shape);
        // An axis that is one voxel long cannot be halved and must not hold the others back.
        var shortest = new[] { (size.Z, shape.Z), (size.Y, shape.Y), (size.X, shape.X) }
            .Where(axis => axis.Item2 > 1).Select(axis => axis.Item1).DefaultIfEmpty(double.PositiveInfinity).Min();
        return new Index3(Halve(size.Z, shape.Z), Halve(size.Y, shape.Y), Halve(size.X, shape.X));

        int Halve(double length, int count) => count > 1 && length < 2 * shortest ? 2 : 1;
    }

    private static Volume<T> Downsample<T>(PrecomputedVolume<T> from, PrecomputedVolume<T> to, Box chunk)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        // Windows lie on the global grid: voxel g of a halved axis covers 2g and 2g + 1, as far as they are in the
        // volume.
        var factor = FactorBetween(from.VoxelSize, to.VoxelSize);
        var begin = Multiply(chunk.Begin + to.VoxelOffset, factor) - from.VoxelOffset;
        var end = Multiply(chunk.End + to.VoxelOffset, factor) - from.VoxelOffset;
        var box = new Box(begin, end).Intersect(Box.Of(from.Shape));
        var source = Kept<T>.Volume;
        if (source is null || source.Shape != box.Shape || source.Channels != from.Channels)
            Kept<T>.Volume = source = new Volume<T>(box.Shape, from.Channels);
        from.Read(box, source);
        var target = new Volume<T>(chunk.Shape, to.Channels);
        var windows = new Downsampling(box.Begin - begin, factor);
        if (to.Kind == PrecomputedKind.Image)
            windows.Mean(source, target);
        else
            windows.Mode(source, target);
        return target;
    }

    /// <summary>The box that the thread read last: memory of so many megabytes is dear to get anew.</summary>
    private static class Kept<T> where T : unmanaged
    {
        [ThreadStatic]
        public static Volume<T>? Volume;
    }

    private static Index3 FactorBetween(VoxelSize fine, VoxelSize coarse) =>
        new(coarse.Z > fine.Z ? 2 : 1, coarse.Y > fine.Y ? 2 : 1, coarse.X > fine.X ? 2 : 1);

    private static Index3 Multiply(Index3 a, Index3 b) => new(a.Z * b.Z, a.Y * b.Y, a.X * b.X);

    private static Index3 FloorDivide(Index3 a, Index3 b) => new(Floor(a.Z, b.Z), Floor(a.Y, b.Y), Floor(a.X, b.X));

    private static int Floor(int a, int b) => (a - (a % b + b) % b) / b;
}
