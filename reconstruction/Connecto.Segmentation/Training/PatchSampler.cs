using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Sections;
using Connecto.Volumes;

namespace Connecto.Segmentation.Training;

/// <summary>Cuts patches from training volumes: images in, affinities and synapse maps to predict, and their weights.</summary>
/// <remarks>Targets follow the definition that prediction and segmentation share: an affinity belongs to a voxel and its
/// lower neighbour, 1 where both are one cell, 0 where one is boundary or they differ. A patch depends on its random
/// stream alone. About 2 ms for 3 x 160 x 160. Safe from many threads, each with its own arrays.</remarks>
internal sealed class PatchSampler(TrainingConfig config)
{
    private const int Outputs = 5;

    /// <summary>A varied patch from a random place of a volume.</summary>
    /// <param name="volume">Where from.</param>
    /// <param name="random">Decides everything.</param>
    /// <param name="input">[Sections][Patch][Patch], network input values.</param>
    /// <param name="target">[5][Patch][Patch].</param>
    /// <param name="weight">[5][Patch][Patch]; 0 where unknown.</param>
    public void Random(TrainingVolume volume, PatchRandom random, Span<float> input, Span<float> target, Span<float> weight)
    {
        var options = config.Augmentation;
        double stepY = config.VoxelSizeNm[1] / volume.Voxel.Y, stepX = config.VoxelSizeNm[2] / volume.Voxel.X;
        var (height, width) = (volume.Raw.Shape.Y, volume.Raw.Shape.X);
        var exact = options.Exact > 0 && random.Chance(options.Exact) && stepY == 1 && stepX == 1;
        var warp = exact
            ? SectionWarp.Exact(ref random, height, width, config.Patch)
            : SectionWarp.Random(options, ref random, height, width, config.Patch, stepY, stepX);
        var sections = PatchSections.Random(options, ref random, volume.Raw.Shape.Z, config.Sections, exact);
        Images(volume, warp, sections, input);
        Truth(volume, warp, sections, config.Rim, target, weight);
        SectionNoise.Vary(options, ref random, config.Sections, config.Patch, input);
        SectionDefects.Spoil(options, ref random, config.Sections, config.Patch, input);
        Standardise(input);
    }

    /// <summary>An unvaried patch: section <paramref name="z"/>, rows and columns from a first pixel on.</summary>
    public void Plain(TrainingVolume volume, int z, SectionWarp crop, Span<float> input, Span<float> target, Span<float> weight)
    {
        var sections = PatchSections.Plain(z, config.Sections);
        Images(volume, crop, sections, input);
        Truth(volume, crop, sections, 0, target, weight);
        Standardise(input);
    }

    private static void Standardise(Span<float> input)
    {
        foreach (ref var value in input)
            value = (value - (float)TrainingInput.Mean) * (float)TrainingInput.Scale;
    }

    private static void Images(TrainingVolume volume, SectionWarp warp, PatchSections sections, Span<float> input)
    {
        var (shape, plane) = (volume.Raw.Shape, warp.Height * warp.Width);
        for (var s = 0; s < sections.Count; s++)
        {
            var z = MirrorIndex.At(sections.At(s), shape.Z);
            var section = volume.Raw.Slice(z);
            var aligned = Aligned(volume, sections.Z, z);
            var (dy, dx) = sections.Shift(s);
            var result = input.Slice(s * plane, plane);
            for (var y = 0; y < warp.Height; y++)
                for (var x = 0; x < warp.Width; x++)
                {
                    var at = (y + 1) * (warp.Width + 1) + x + 1;
                    var (ay, ax) = aligned ? volume.Alignment.Shift(sections.Z, z, warp.Y[at], warp.X[at]) : default;
                    result[y * warp.Width + x] =
                        Bilinear(section, shape.Y, shape.X, warp.Y[at] + dy + ay, warp.X[at] + dx + ax);
                }
        }
    }

    private void Truth(
        TrainingVolume volume, SectionWarp warp, PatchSections sections, int rim, Span<float> target, Span<float> weight)
    {
        var (shape, plane, wide) = (volume.Raw.Shape, warp.Height * warp.Width, warp.Width + 1);
        var here = new uint[(warp.Height + 1) * wide];
        var before = new uint[here.Length];
        var synapses = new byte[here.Length];
        var (z, lower) = (sections.Z, sections.At(sections.Lower));
        var (dy, dx) = sections.Shift(sections.Lower);
        Nearest(volume.Cells.Slice(z), shape, warp, 0, 0, TrainingVolume.Unknown, here);
        Nearest(volume.Synapses.Slice(z), shape, warp, 0, 0, (byte)0, synapses);
        var hasLower = lower >= 0 && lower < shape.Z && volume.Ids == CellIds.AcrossSections;
        if (hasLower)
            Nearest(volume.Cells.Slice(lower), shape, warp, dy, dx, TrainingVolume.Unknown, before,
                Aligned(volume, z, lower) ? (volume.Alignment, z, lower) : default);
        weight[..(Outputs * plane)].Clear();
        target[..(Outputs * plane)].Clear();
        for (var y = rim; y < warp.Height - rim; y++)
            for (var x = rim; x < warp.Width - rim; x++)
            {
                int at = (y + 1) * wide + x + 1, to = y * warp.Width + x;
                if (hasLower) Pair(here[at], before[at], to + (int)EmOutput.AffinityZ * plane, target, weight);
                Pair(here[at], here[at - wide], to + (int)EmOutput.AffinityY * plane, target, weight);
                Pair(here[at], here[at - 1], to + (int)EmOutput.AffinityX * plane, target, weight);
                var bits = (SynapseBits)synapses[at];
                if ((bits & SynapseBits.CleftKnown) != 0)
                    Map((bits & SynapseBits.Cleft) != 0, to + (int)EmOutput.Cleft * plane, target, weight);
                if ((bits & SynapseBits.PresynapticKnown) != 0)
                    Map((bits & SynapseBits.Presynaptic) != 0, to + (int)EmOutput.Presynaptic * plane, target, weight);
            }
    }

    private void Pair(uint cell, uint lower, int at, Span<float> target, Span<float> weight)
    {
        var cut = cell == TrainingVolume.Boundary || lower == TrainingVolume.Boundary;
        if (!cut && (cell == TrainingVolume.Unknown || lower == TrainingVolume.Unknown)) return;
        var one = !cut && cell == lower;
        (target[at], weight[at]) = one ? (1, 1) : (0, (float)config.BoundaryWeight);
    }

    private void Map(bool set, int at, Span<float> target, Span<float> weight) =>
        (target[at], weight[at]) = set
            ? (1, (float)(config.SynapseWeight * config.SynapseChannelWeight))
            : (0, (float)config.SynapseChannelWeight);

    private static bool Aligned(TrainingVolume volume, int from, int to) => from != to && !volume.Alignment.IsIdentity;

    private static float Bilinear(ReadOnlySpan<byte> section, int height, int width, float y, float x)
    {
        float fy = MathF.Floor(y), fx = MathF.Floor(x);
        int y0 = MirrorIndex.At((int)fy, height), y1 = MirrorIndex.At((int)fy + 1, height);
        int x0 = MirrorIndex.At((int)fx, width), x1 = MirrorIndex.At((int)fx + 1, width);
        (fy, fx) = (y - fy, x - fx);
        var upper = section[y0 * width + x0] * (1 - fx) + section[y0 * width + x1] * fx;
        var lower = section[y1 * width + x0] * (1 - fx) + section[y1 * width + x1] * fx;
        return (upper * (1 - fy) + lower * fy) * (1f / 255);
    }

    private static void Nearest<T>(
        ReadOnlySpan<T> section, Index3 shape, SectionWarp warp, float dy, float dx, T outside, Span<T> result,
        (StackAlignment? Alignment, int From, int To) way = default)
    {
        for (var i = 0; i < result.Length; i++)
        {
            var (ay, ax) = way.Alignment?.Shift(way.From, way.To, warp.Y[i], warp.X[i]) ?? default;
            int y = (int)MathF.Floor(warp.Y[i] + dy + 0.5f) + ay, x = (int)MathF.Floor(warp.X[i] + dx + 0.5f) + ax;
            result[i] = (uint)y < (uint)shape.Y && (uint)x < (uint)shape.X ? section[y * shape.X + x] : outside;
        }
    }
}

/// <summary>The map from grey in [0, 1] to network input that new models are trained with.</summary>
internal static class TrainingInput
{
    public const double Mean = 0.5;
    public const double Scale = 4;
}
