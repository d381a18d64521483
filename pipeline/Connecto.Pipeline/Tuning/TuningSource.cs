using Connecto.Graph;
using Connecto.Phantom;
using Connecto.Pipeline.Stages;
using Connecto.Segmentation;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Sections;
using Connecto.Segmentation.Training;
using Connecto.Volumes;
using Connecto.Volumes.Slices;

namespace Connecto.Pipeline.Tuning;

/// <summary>A labelled stack that thresholds are chosen on.</summary>
/// <param name="Name">The configuration's name for it, and its sections.</param>
/// <param name="Weight">What its score counts.</param>
/// <param name="VoxelSize">Of the images.</param>
/// <param name="Images">Normalised as the model asks.</param>
/// <param name="Cells">Ids of cells; 0 where there is none.</param>
/// <param name="Truth">The cells' 26-connected components; 0 is not scored.</param>
/// <param name="Clefts">True clefts, a row each or several; null where nobody labelled them.</param>
internal sealed record TuningSource(
    string Name, double Weight, VoxelSize VoxelSize, Volume<byte> Images, Volume<ulong> Cells, Volume<ulong> Truth,
    IReadOnlyList<Synapse>? Clefts)
{
    /// <summary>Reads the training sections of every source whose ids hold across sections.</summary>
    /// <param name="config">The configuration that the model was trained with.</param>
    /// <param name="root">Where its paths start.</param>
    /// <param name="info">The model.</param>
    /// <param name="sections">Some of the training sections of stacks; null for all.</param>
    /// <param name="cancellation">Stops between sources.</param>
    /// <exception cref="InvalidDataException">The sections are not all training sections, or nothing is left.</exception>
    public static List<TuningSource> Load(
        TrainingConfig config, string root, EmModelInfo info, SectionRange? sections, CancellationToken cancellation)
    {
        var sources = new List<TuningSource>();
        foreach (var source in config.Sources.Where(s => s.Weight > 0 && s.Kind != SourceKind.Classes))
        {
            cancellation.ThrowIfCancellationRequested();
            sources.Add(source.Kind == SourceKind.Phantom ? Render(source, info) : Read(source, root, info, sections));
        }
        return sources.Count > 0 ? sources : throw new InvalidDataException(
            $"Training configuration '{config.Name}' has no source whose ids hold across sections; nothing was tuned.");
    }

    private static TuningSource Read(TrainingSource source, string root, EmModelInfo info, SectionRange? asked)
    {
        var stack = SliceStack.Open(Path.Combine(root, source.Raw!));
        var range = Checked(source, asked, stack.Shape.Z);
        var voxelSize = VoxelSizeOf(source);
        var (first, count) = (range.Begin, range.End - range.Begin);
        var images = new Volume<byte>(stack.Shape with { Z = count });
        var normalizer = new ContrastNormalizer(voxelSize, info.Contrast);
        for (var z = 0; z < count; z++) IngestStage.ReadSection(stack, first + z, normalizer, images.Slice(z));
        var cells = Labels(source, root, source.Labels!, stack.Shape, first, count);
        var unscored = source.Boundary.Concat(source.Ignore).ToHashSet();
        foreach (ref var id in cells.Data.AsSpan())
            if (unscored.Contains(id))
                id = 0;
        var clefts = source.Synapses is null ? null
            : Centres(Labels(source, root, source.Synapses, stack.Shape, first, count), [.. source.VesicleIds], voxelSize);
        return new($"{source.Name} {first}-{range.End - 1}", source.Weight, voxelSize, images, cells, Components(cells), clefts);
    }

    /// <summary>The sections, every one of which the network learnt from.</summary>
    private static SectionRange Checked(TrainingSource source, SectionRange? asked, int length)
    {
        var train = source.TrainSections is [var begin, var end] ? new SectionRange(begin, end) : new SectionRange(0, length);
        var range = asked ?? train;
        if (source.ValidationSections is [var from, var past] && range.Begin < past && from < range.End)
            throw new InvalidDataException(
                $"Sections {range.Begin}-{range.End - 1} of source '{source.Name}' hold validation sections ({from}-{past - 1}), on which " +
                "nothing may be chosen; nothing was tuned.");
        if (range.Begin < train.Begin || range.End > Math.Min(train.End, length) || range.End - range.Begin < 2)
            throw new InvalidDataException(
                $"Sections {range.Begin}-{range.End - 1} of source '{source.Name}' are not two or more of its training sections " +
                $"({train.Begin}-{train.End - 1}, the stack has {length}); nothing was tuned.");
        return range;
    }

    private static Volume<ulong> Labels(TrainingSource source, string root, string path, Index3 images, int first, int count)
    {
        var labels = SliceStack.Open(Path.Combine(root, path));
        return labels.Shape == images ? labels.ReadLabels(first, count) : throw new InvalidDataException(
            $"Source '{source.Name}': {path} has the shape {labels.Shape}, its images {images}; both must agree. Nothing was tuned.");
    }

    private static TuningSource Render(TrainingSource source, EmModelInfo info)
    {
        var (shape, voxelSize, seed) = (new Index3(source.Shape[0], source.Shape[1], source.Shape[2]), VoxelSizeOf(source), source.Seeds[0]);
        var phantom = new PhantomVolume(new PhantomOptions { Shape = shape, VoxelSize = voxelSize, Seed = seed });
        var normalizer = new ContrastNormalizer(voxelSize, info.Contrast);
        var (images, cells) = (new Volume<byte>(shape), new Volume<ulong>(shape));
        Parallel.For(0, shape.Z, () => new PhantomSlice(shape.Y, shape.X), (z, _, slice) =>
        {
            phantom.RenderSlice(z, slice);
            normalizer.Normalize(slice.Raw, shape.Y, shape.X, images.Slice(z));
            var to = cells.Slice(z);
            for (var i = 0; i < to.Length; i++) to[i] = slice.Neurons[i];
            return slice;
        }, _ => { });
        return new($"{source.Name} seed {seed}", source.Weight, voxelSize, images, cells, Components(cells), phantom.Synapses);
    }

    private static Volume<ulong> Components(Volume<ulong> cells)
    {
        var truth = new Volume<ulong>(cells.Shape);
        ConnectedComponents.Label(cells, Connectivity.Corners, truth);
        return truth;
    }

    /// <summary>The centres of the 26-connected parts of all ids but the vesicles'.</summary>
    private static List<Synapse> Centres(Volume<ulong> labels, HashSet<ulong> vesicles, VoxelSize voxelSize)
    {
        foreach (ref var id in labels.Data.AsSpan()) id = id == 0 || vesicles.Contains(id) ? 0ul : 1;
        ConnectedComponents.Label(labels, Connectivity.Corners, labels);
        var sums = new SortedDictionary<ulong, (long Z, long Y, long X, long Count)>();
        for (var z = 0; z < labels.Shape.Z; z++)
            for (var y = 0; y < labels.Shape.Y; y++)
                for (var x = 0; x < labels.Shape.X; x++)
                    if (labels[z, y, x] is var id and not 0)
                    {
                        var sum = sums.GetValueOrDefault(id);
                        sums[id] = (sum.Z + z, sum.Y + y, sum.X + x, sum.Count + 1);
                    }
        return [.. sums.Select(s =>
        {
            double At(long sum, double nm) => ((double)sum / s.Value.Count + 0.5) * nm;
            var centre = new Site((float)At(s.Value.Z, voxelSize.Z), (float)At(s.Value.Y, voxelSize.Y), (float)At(s.Value.X, voxelSize.X));
            // Every part is a cleft of its own, so each has a presynaptic id of its own.
            return new Synapse(s.Key, s.Key, 0, centre, centre, centre, s.Value.Count, 1, 0);
        })];
    }

    private static VoxelSize VoxelSizeOf(TrainingSource source) => new(source.VoxelSizeNm[0], source.VoxelSizeNm[1], source.VoxelSizeNm[2]);
}
