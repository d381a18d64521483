using Connecto.Phantom;
using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Sections;
using Connecto.Volumes;
using Connecto.Volumes.Slices;

namespace Connecto.Segmentation.Training;

/// <summary>The stacks of a configuration in memory: one part to learn from and one to validate on.</summary>
/// <remarks>Validation sections are cut off before anything else is done, so no patch, context or statistic of training
/// holds a voxel of them. 6 bytes a voxel, times the axes asked for.</remarks>
internal sealed class TrainingData
{
    private readonly List<(TrainingVolume Volume, double Weight)> _train = [];
    private readonly List<TrainingVolume> _validation = [];
    private double _totalWeight;

    /// <summary>What is learnt from; a source with several axes or seeds is several volumes.</summary>
    public IEnumerable<TrainingVolume> Train => _train.Select(entry => entry.Volume);

    /// <summary>What is validated on.</summary>
    public IReadOnlyList<TrainingVolume> Validation => _validation;

    /// <summary>Reads (and renders) every source.</summary>
    /// <exception cref="InvalidDataException">Labels do not fit their images, or sections lie outside the stack.</exception>
    /// <exception cref="FileNotFoundException">A stack is missing.</exception>
    public static TrainingData Load(TrainingConfig config, string dataRoot, CancellationToken cancel)
    {
        var data = new TrainingData();
        foreach (var source in config.Sources)
        {
            cancel.ThrowIfCancellationRequested();
            if (source.Kind == SourceKind.Phantom && source.Weight == 0) continue;
            if (source.Kind == SourceKind.Phantom)
                foreach (var seed in source.Seeds)
                {
                    cancel.ThrowIfCancellationRequested();
                    data.Add(Render(config, source, seed), source, source.Seeds.Length);
                }
            else
            {
                data.Add(Read(config, source, dataRoot, source.TrainSections), source, 1);
                if (source.ValidationSections is not null)
                    data._validation.Add(Read(config, source, dataRoot, source.ValidationSections));
            }
        }
        return data;
    }

    /// <summary>A training volume, drawn by the sources' weights.</summary>
    public TrainingVolume Pick(ref PatchRandom random)
    {
        var at = random.Next() * _totalWeight;
        foreach (var (volume, weight) in _train)
            if ((at -= weight) < 0) return volume;
        return _train[^1].Volume;
    }

    private void Add(TrainingVolume volume, TrainingSource source, int parts)
    {
        if (source.Weight == 0) return;
        foreach (var axis in source.Axes)
            _train.Add((volume.Along(axis), source.Weight / (parts * source.Axes.Length)));
        _totalWeight += source.Weight / parts;
    }

    private static TrainingVolume Read(TrainingConfig config, TrainingSource source, string root, int[]? sections)
    {
        var raw = SliceStack.Open(Path.Combine(root, source.Raw!));
        int first = sections?[0] ?? 0, past = sections?[1] ?? raw.Shape.Z;
        if (first >= past || past > raw.Shape.Z)
            throw new InvalidDataException(
                $"Source '{source.Name}' asks for sections {first} to {past} of {source.Raw}, which has {raw.Shape.Z}. "
                + "Nothing was trained.");
        var shape = new Index3(past - first, raw.Shape.Y, raw.Shape.X);
        var images = new Volume<byte>(shape);
        var normalizer = new ContrastNormalizer(source.Voxel, config.Contrast);
        var samples = new uint[shape.Y * shape.X];
        var narrow = new ushort[samples.Length];
        for (var z = 0; z < shape.Z; z++)
        {
            raw.ReadSlice(first + z, samples);
            // 8-bit samples go through the same table as 16-bit ones would, with their own range.
            if (raw.BitsPerSample == 8)
            {
                for (var i = 0; i < samples.Length; i++) images.Slice(z)[i] = (byte)samples[i];
                normalizer.Normalize(images.Slice(z), shape.Y, shape.X, images.Slice(z));
            }
            else
            {
                for (var i = 0; i < samples.Length; i++) narrow[i] = (ushort)Math.Min(samples[i], ushort.MaxValue);
                normalizer.Normalize(narrow, shape.Y, shape.X, images.Slice(z));
            }
        }
        var labels = Labels(source, root, source.Labels!, first, shape, raw.Shape);
        var cells = source.Kind == SourceKind.Instances
            ? CellLabels.FromInstances(labels, source.Boundary, source.Ignore, new(source.Erode[0], source.Erode[1], source.Erode[2]))
            : CellLabels.FromClasses(labels, source.Boundary, source.Ignore);
        var synapses = source.Synapses is null
            ? SynapseLabels.None(shape)
            : SynapseLabels.FromIds(
                Labels(source, root, source.Synapses, first, shape, raw.Shape), source.PresynapticIds, source.VesicleIds,
                (int)Math.Round(source.PresynapticNm / source.Voxel.X));
        return Align(config, new(source.Name, source.Voxel, images, cells, synapses,
            source.Kind == SourceKind.Instances ? CellIds.AcrossSections : CellIds.WithinSection));
    }

    private static TrainingVolume Align(TrainingConfig config, TrainingVolume full)
    {
        var volume = full.ShrunkTo(config.VoxelSize);
        return !config.AlignSections || volume.Voxel.Anisotropy < WatershedOptions.SectionAnisotropy
            ? volume
            : volume with
            {
                Alignment = new SectionAligner(volume.Voxel).Align(
                    z => volume.Raw.Slice(z).ToArray(), volume.Raw.Shape, Environment.ProcessorCount),
            };
    }

    private static Volume<ulong> Labels(
        TrainingSource source, string root, string path, int first, Index3 shape, Index3 images)
    {
        var labels = SliceStack.Open(Path.Combine(root, path));
        if (labels.Shape != images)
            throw new InvalidDataException(
                $"Source '{source.Name}': {path} has the shape {labels.Shape}, its images {images}; both must agree. "
                + "Nothing was trained.");
        return labels.ReadLabels(first, shape.Z);
    }

    private static TrainingVolume Render(TrainingConfig config, TrainingSource source, ulong seed)
    {
        var shape = new Index3(source.Shape[0], source.Shape[1], source.Shape[2]);
        var phantom = new PhantomVolume(new PhantomOptions { Shape = shape, VoxelSize = source.Voxel, Seed = seed });
        var normalizer = new ContrastNormalizer(source.Voxel, config.Contrast);
        var slice = new PhantomSlice(shape.Y, shape.X);
        var (images, ids, synapses) = (new Volume<byte>(shape), new Volume<ulong>(shape), new Volume<byte>(shape));
        for (var z = 0; z < shape.Z; z++)
        {
            phantom.RenderSlice(z, slice);
            normalizer.Normalize(slice.Raw, shape.Y, shape.X, images.Slice(z));
            var cells = ids.Slice(z);
            var bits = synapses.Slice(z);
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = slice.Neurons[i];
                bits[i] = (byte)(SynapseBits.CleftKnown | SynapseBits.PresynapticKnown
                    | (slice.Clefts[i] != 0 ? SynapseBits.Cleft : 0)
                    | (slice.Presynaptic[i] != 0 ? SynapseBits.Presynaptic : 0));
            }
        }
        var erode = new Index3(source.Erode[0], source.Erode[1], source.Erode[2]);
        return Align(config, new($"{source.Name} {seed}", source.Voxel, images,
            CellLabels.FromInstances(ids, [0], [], erode), synapses, CellIds.AcrossSections,
            IsSynthetic: true));
    }
}
