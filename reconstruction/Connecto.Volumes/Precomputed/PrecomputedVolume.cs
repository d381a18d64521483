namespace Connecto.Volumes.Precomputed;

/// <summary>One scale of a Neuroglancer precomputed volume on disk, unsharded.</summary>
/// <typeparam name="T">byte, ushort, uint, ulong or float: the info file's data_type.</typeparam>
/// <remarks>Specification: https://github.com/google/neuroglancer, src/datasource/precomputed/volume.md. A chunk is one
/// file, <c>key/x0-x1_y0-y1_z0-z1.gz</c>: x, y, z order and global voxels, as that format has it, gzip at its fastest
/// level and with the suffix that cloud-volume uses on file systems. Files without the suffix are read as well, and
/// preferred last. Reading is safe from several threads, writing too where the boxes share no chunk. A call works on
/// the thread that makes it, so callers split large boxes among their threads.</remarks>
public sealed class PrecomputedVolume<T> : ChunkedVolume<T> where T : unmanaged
{
    private readonly PrecomputedScale scale;
    private readonly string folder;
    private readonly PrecomputedCodec<T> codec;

    /// <summary>The chunk that the thread decoded last, written over by the next.</summary>
    [ThreadStatic]
    private static Volume<T>? kept;

    internal PrecomputedVolume(PrecomputedInfo info, int scaleIndex, PrecomputedPacking packing = PrecomputedPacking.Gzip)
    {
        Packing = packing;
        (scale, Kind, Channels, Scales) = (info.Scales[scaleIndex], info.Kind, info.Channels, info.Scales.Count);
        folder = Path.GetFullPath(Path.Combine(info.Directory, scale.Key));
        codec = new PrecomputedCodec<T>(scale, Channels);
        Directory = info.Directory;
    }

    /// <summary>The volume's folder, which holds the info file.</summary>
    public string Directory { get; }

    /// <summary>Image or segmentation.</summary>
    public PrecomputedKind Kind { get; }

    /// <summary>How chunks are packed.</summary>
    public PrecomputedEncoding Encoding => scale.Encoding;

    /// <summary>How chunk files are packed that are written through this object.</summary>
    public PrecomputedPacking Packing { get; }

    /// <summary>Number of scales that the info file listed when it was read.</summary>
    public int Scales { get; }

    /// <summary>The first voxel's place in the global frame. Boxes are counted from it.</summary>
    public Index3 VoxelOffset => scale.Offset;

    /// <inheritdoc/>
    public override Index3 Shape => scale.Shape;

    /// <inheritdoc/>
    public override int Channels { get; }

    /// <inheritdoc/>
    public override VoxelSize VoxelSize => scale.VoxelSize;

    /// <inheritdoc/>
    public override Index3 Chunk => scale.Chunk;

    /// <summary>Makes a volume: its folder and info file, no chunks.</summary>
    /// <remarks>A folder that holds the same volume already is taken over with its chunks, so that a rerun can go on;
    /// its further scales leave the info file, for they may soon be wrong.</remarks>
    /// <exception cref="ArgumentException">The options contradict each other, or no precomputed volume can have
    /// them.</exception>
    /// <exception cref="InvalidDataException">The folder holds a volume that differs; it is left as it is.</exception>
    public static PrecomputedVolume<T> Create(string directory, PrecomputedOptions options)
    {
        var scale = CheckedScale(options);
        var dataType = PrecomputedCodec<T>.DataType;
        var info = PrecomputedInfo.New(directory, options.Kind, dataType, options.Channels, scale);
        if (File.Exists(PrecomputedInfo.PathOf(directory)))
        {
            var old = PrecomputedInfo.Read(directory);
            if (old.Kind != info.Kind || old.DataType != dataType || old.Channels != info.Channels
                || old.Scales[0] != scale)
                throw new InvalidDataException(
                    $"{directory} holds another precomputed volume already ({old.Channels} x {old.Scales[0].Shape} of {old.DataType}); "
                    + "delete it or choose another folder. It was left as it is.");
            info = old.WithScales([scale]);
        }
        System.IO.Directory.CreateDirectory(Path.Combine(directory, scale.Key));
        info.Write();
        return new PrecomputedVolume<T>(info, 0, options.Packing);
    }

    /// <summary>Opens a scale of a volume.</summary>
    /// <param name="directory">The folder that holds the info file.</param>
    /// <param name="scale">0 is the finest.</param>
    /// <param name="packing">How chunks that are written are packed.</param>
    /// <exception cref="InvalidDataException">The info file is none, is of something that is not read, or has another
    /// voxel type.</exception>
    /// <exception cref="FileNotFoundException">The folder has no info file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such scale.</exception>
    public static PrecomputedVolume<T> Open(string directory, int scale = 0,
        PrecomputedPacking packing = PrecomputedPacking.Gzip)
    {
        var info = PrecomputedInfo.Read(directory);
        if (info.DataType != PrecomputedCodec<T>.DataType)
            throw new InvalidDataException(
                $"{directory} holds voxels of {info.DataType}; {PrecomputedCodec<T>.DataType} was expected. Nothing was written.");
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(scale, info.Scales.Count);
        return new PrecomputedVolume<T>(info, scale, packing);
    }

    /// <inheritdoc/>
    public override Volume<T> Read(Box box)
    {
        var chunks = scale.ChunksOf(CheckedRead(box)).Take(2).ToArray();
        if (chunks.Length == 1 && chunks[0] == box) return ReadChunk(box);
        var result = new Volume<T>(box.Shape, Channels);
        Read(box, result);
        return result;
    }

    /// <summary>Reads a box into a volume that is there: its first channels, as many as the volume has.</summary>
    /// <remarks>Of plain raw chunks only the sections and channels that are asked for are read.</remarks>
    /// <exception cref="ArgumentException">Shapes differ, or the volume has more channels than there are.</exception>
    /// <inheritdoc cref="Read(Box)"/>
    public void Read(Box box, Volume<T> into)
    {
        if (into.Shape != box.Shape || into.Channels > Channels)
            throw new ArgumentException(
                $"Box {box} of {Channels} channels does not fill a volume of {into.Channels} x {into.Shape}.", nameof(into));
        foreach (var chunk in scale.ChunksOf(CheckedRead(box)))
        {
            var shared = chunk.Intersect(box);
            if (scale.Encoding == PrecomputedEncoding.Raw && PlainChunk<T>.TryRead(ChunkPath(chunk), chunk, Channels, shared,
                into, shared.Begin - box.Begin))
                continue;
            var (file, path) = ReadFile(chunk);
            if (kept is null || kept.Shape != chunk.Shape || kept.Channels != Channels)
                kept = new Volume<T>(chunk.Shape, Channels);
            var voxels = codec.Decode(file, kept, path);
            if (into.Channels < Channels)
                voxels = new Volume<T>(voxels.Shape, into.Channels,
                    voxels.Data.AsSpan(0, checked((int)(voxels.Shape.Count * into.Channels))).ToArray());
            into.Paste(voxels, shared.Shift(default(Index3) - chunk.Begin), shared.Begin - box.Begin);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The box begins at a chunk and ends at one or at the end of the volume.</remarks>
    public override void Write(Box box, Volume<T> voxels)
    {
        if (!Box.Of(Shape).Contains(box) || voxels.Shape != box.Shape || voxels.Channels != Channels)
            throw new ArgumentException(
                $"Box {box} with voxels of {voxels.Channels} x {voxels.Shape} does not fit the volume of {Channels} x {Shape}.",
                nameof(box));
        if (!Aligned(box.Begin, default) || !Aligned(box.End, Shape))
            throw new ArgumentException(
                $"Box {box} does not begin and end at chunks of {Chunk} or at the end of {Shape}.", nameof(box));
        foreach (var chunk in scale.ChunksOf(box))
        {
            if (Packing == PrecomputedPacking.Plain && scale.Encoding == PrecomputedEncoding.Raw)
            {
                PlainChunk<T>.Write(ChunkPath(chunk), voxels, chunk.Shift(default(Index3) - box.Begin));
                continue;
            }
            var part = chunk == box ? voxels : voxels.Crop(chunk.Shift(default(Index3) - box.Begin));
            WriteFile(chunk, codec.Encode(part));
        }
    }

    /// <summary>Writes a chunk of another segmentation of the same grid under other ids.</summary>
    /// <param name="source">Its chunk is read.</param>
    /// <param name="chunk">The chunk, as the grid has it.</param>
    /// <param name="rename">Renames the ids of a few voxels, in place; called for every block of the chunk.</param>
    /// <remarks>Tables of ids are renamed, not voxels, at about 1 ns a voxel; the file is the one that writing the renamed
    /// voxels gives.</remarks>
    /// <exception cref="ArgumentException">The grids or encodings differ, or the box is no chunk.</exception>
    /// <exception cref="InvalidDataException">The chunk is missing or corrupt.</exception>
    public void WriteRenamed(PrecomputedVolume<T> source, Box chunk, LabelRename<T> rename)
    {
        if (source.Shape != Shape || source.Chunk != Chunk || source.Encoding != Encoding || source.Channels != 1
            || Encoding != PrecomputedEncoding.CompressedSegmentation || !scale.ChunksOf(chunk).SequenceEqual([chunk]))
            throw new ArgumentException($"Box {chunk} is no chunk of two equal grids of compressed segmentation.", nameof(chunk));
        var (file, path) = source.ReadFile(chunk);
        WriteFile(chunk, codec.EncodeRenamed(file, path, chunk.Shape, rename));
    }

    private void WriteFile(Box chunk, PackedChunk packed)
    {
        using (packed) AtomicFile.Write(ChunkPath(chunk) + ".gz", packed.Bytes);
    }

    /// <summary>True where the file of the chunk that holds a voxel is there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The voxel lies outside.</exception>
    public bool HasChunk(Index3 voxel)
    {
        if (!Box.Of(Shape).Contains(voxel))
            throw new ArgumentOutOfRangeException(nameof(voxel), $"Voxel {voxel} lies outside the volume of {Shape}.");
        var path = ChunkPath(scale.ChunksOf(new Box(voxel, voxel + new Index3(1, 1, 1))).Single());
        return File.Exists(path + ".gz") || File.Exists(path);
    }

    /// <summary>All chunks, z slowest.</summary>
    internal IEnumerable<Box> Chunks() => scale.ChunksOf(Box.Of(Shape));

    private Volume<T> ReadChunk(Box chunk)
    {
        var (file, path) = ReadFile(chunk);
        return codec.Decode(file, chunk.Shape, path);
    }

    private (byte[] File, string Path) ReadFile(Box chunk)
    {
        var path = ChunkPath(chunk);
        if (TryReadFile(path + ".gz") is { } packed) return (packed, path + ".gz");
        if (TryReadFile(path) is { } plain) return (plain, path);
        throw new InvalidDataException(
            $"There is no chunk {path}.gz, which the volume's grid needs for box {chunk}; re-create the volume. No voxel was written.");
    }

    private static byte[]? TryReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    private string ChunkPath(Box chunk) => Path.Combine(folder, scale.ChunkName(chunk));

    private bool Aligned(Index3 at, Index3 end) =>
        (at.Z % Chunk.Z == 0 || at.Z == end.Z) && (at.Y % Chunk.Y == 0 || at.Y == end.Y)
        && (at.X % Chunk.X == 0 || at.X == end.X);

    private static PrecomputedScale CheckedScale(PrecomputedOptions options)
    {
        foreach (var extent in new[] { options.Shape, options.Chunk })
            if (extent.Z < 1 || extent.Y < 1 || extent.X < 1)
                throw new ArgumentException(
                    $"Shape and chunk need lengths of 1 or more; found {options.Shape} and {options.Chunk}.",
                    nameof(options));
        if (options.Channels < 1 || options.Channels > 1 && options.Kind == PrecomputedKind.Segmentation)
            throw new ArgumentException(
                $"{options.Kind} volumes cannot have {options.Channels} channels.", nameof(options));
        if (options.Encoding == PrecomputedEncoding.CompressedSegmentation
            && typeof(T) != typeof(uint) && typeof(T) != typeof(ulong))
            throw new ArgumentException(
                $"compressed_segmentation holds uint and ulong, not {typeof(T).Name}.", nameof(options));
        if (typeof(T) == typeof(float) && options.Kind == PrecomputedKind.Segmentation)
            throw new ArgumentException("A segmentation holds whole numbers, not float.", nameof(options));
        return new PrecomputedScale
        {
            Key = PrecomputedScale.KeyOf(options.VoxelSize),
            Shape = options.Shape,
            VoxelSize = options.VoxelSize,
            Chunk = options.Chunk,
            Offset = options.VoxelOffset,
            Encoding = options.Encoding,
        };
    }
}
