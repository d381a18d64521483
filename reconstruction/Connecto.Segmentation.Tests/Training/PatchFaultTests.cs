using Connecto.Segmentation.Model;
using Connecto.Segmentation.Training;
using Connecto.Volumes;

namespace Connecto.Segmentation.Tests.Training;

/// <summary>Faults of sections reach the image as they should, and the truth only where it moves with the section.</summary>
public sealed class PatchFaultTests
{
    private const int Edge = 48, Sections = 7, Middle = 3, Plane = Edge * Edge;

    private static readonly AugmentationOptions Still = new()
    {
        Exact = 1,
        Contrast = 0,
        Brightness = 0,
        Gamma = 0,
        Noise = 0,
        Blur = 0,
        MissingSection = 0,
    };

    [Fact]
    public void A_duplicated_section_pushes_those_behind_it_outwards_and_is_one_with_its_copy()
    {
        // A flat grey tells the section; with one cell a section, affinity z is 1 exactly where a section meets its copy.
        var volume = Empty(24);
        for (var z = 0; z < 24; z++)
        {
            volume.Raw.Slice(z).Fill((byte)(10 * z));
            volume.Cells.Slice(z).Fill((uint)z + 1);
        }
        var copied = new HashSet<int>();
        for (ulong step = 0; step < 60; step++)
        {
            var (input, target, weight) = Patch(volume, Still with { DuplicatedSection = 1 }, step);
            var sections = Enumerable.Range(0, Sections).Select(s => (int)Math.Round((input[s * Plane] / 4 + 0.5) * 25.5)).ToList();
            if (sections.Any(z => z is 0 or 23)) continue; // mirrored at the end of the stack
            var steps = sections.Zip(sections.Skip(1), (a, b) => Math.Abs(b - a)).ToList();
            var place = Assert.Single(Enumerable.Range(0, Sections - 1), i => steps[i] == 0);
            Assert.All(steps.Where((_, i) => i != place), length => Assert.Equal(1, length));
            copied.Add(place);
            var at = (int)EmOutput.AffinityZ * Plane + Edge / 2 * Edge + Edge / 2;
            Assert.True(weight[at] > 0);
            Assert.Equal(place == Middle - 1 ? 1 : 0, target[at]);
        }
        Assert.Equal(Sections - 1, copied.Count);
    }

    [Fact]
    public void A_shifted_section_takes_its_own_truth_along_and_leaves_the_middle_ones()
    {
        var volume = Noisy();
        long moved = 0, lowerMoved = 0;
        for (ulong step = 0; step < 40; step++)
        {
            var plain = Patch(volume, Still, step);
            var shifted = Patch(volume, Still with { ShiftedSection = 1 }, step);
            var changed = Changed(plain.Input, shifted.Input);
            Assert.True(changed.Count <= 1);
            Assert.DoesNotContain(Middle, changed);
            Assert.Equal(plain.Target[Plane..], shifted.Target[Plane..]);
            moved += changed.Count;
            var sameZ = plain.Target.AsSpan(0, Plane).SequenceEqual(shifted.Target.AsSpan(0, Plane));
            if (!changed.Contains(Middle - 1)) Assert.True(sameZ);
            else if (!sameZ) lowerMoved++;
        }
        Assert.True(moved >= 35, $"{moved}");
        Assert.True(lowerMoved >= 2, $"{lowerMoved}");
    }

    [Fact]
    public void A_blurred_section_is_smoother_and_alone()
    {
        for (ulong step = 0; step < 10; step++)
        {
            var (before, after, section) = OneChanged(Still with { BlurredSection = 1 }, step);
            Assert.True(Roughness(after, section) < 0.3 * Roughness(before, section));
        }
    }

    [Fact]
    public void A_dirty_section_is_paler_and_alone()
    {
        for (ulong step = 0; step < 10; step++)
        {
            var (before, after, section) = OneChanged(Still with { DirtySection = 1 }, step);
            Assert.True(Roughness(after, section) < 0.85 * Roughness(before, section));
            Assert.All(after, value => Assert.InRange(value, -2.001, 2.001));
        }
    }

    [Fact]
    public void A_coarser_microscope_blurs_all_sections_and_keeps_their_mean_and_truth()
    {
        var volume = Noisy();
        var plain = Patch(volume, Still, 3);
        var coarse = Patch(volume, Still with { Resolution = 1, ResolutionFactor = 2 }, 3);
        Assert.Equal(plain.Target, coarse.Target);
        for (var s = 0; s < Sections; s++)
        {
            Assert.True(Roughness(coarse.Input, s) < 0.8 * Roughness(plain.Input, s));
            Assert.Equal(plain.Input.Skip(s * Plane).Take(Plane).Average(), coarse.Input.Skip(s * Plane).Take(Plane).Average(), 0.05);
        }
    }

    [Fact]
    public void A_coarser_microscope_keeps_a_flat_section_flat()
    {
        var volume = Empty(8);
        volume.Raw.Data.AsSpan().Fill(200);
        var flat = (200 / 255f - 0.5f) * 4;
        Assert.All(Patch(volume, Still with { Resolution = 1, ResolutionFactor = 3 }, 1).Input, v => Assert.Equal(flat, v, 1e-4));
    }

    [Fact]
    public void Faults_do_not_reach_a_patch_of_one_section()
    {
        var config = Config(Still with { DuplicatedSection = 1, ShiftedSection = 1 }) with { Sections = 1 };
        var (input, target, weight) = (new float[Plane], new float[5 * Plane], new float[5 * Plane]);
        new PatchSampler(config).Random(Noisy(), new(1, 1, 0), input, target, weight);
        Assert.Contains(weight[..Plane], w => w > 0);
    }

    [Theory]
    [InlineData("dirtySection")]
    [InlineData("exact")]
    public void A_probability_out_of_range_is_named(string name)
    {
        var options = name == "exact" ? Still with { Exact = 1.5 } : Still with { DirtySection = -0.1 };
        Assert.Contains(name, options.FindFault());
    }

    private static (float[] Before, float[] After, int Section) OneChanged(AugmentationOptions options, ulong step)
    {
        var (before, after) = (Patch(Noisy(), Still, step), Patch(Noisy(), options, step));
        Assert.Equal(before.Target, after.Target);
        Assert.Equal(before.Weight, after.Weight);
        return (before.Input, after.Input, Assert.Single(Changed(before.Input, after.Input)));
    }

    private static List<int> Changed(float[] before, float[] after) =>
        [.. Enumerable.Range(0, Sections).Where(s => !before.AsSpan(s * Plane, Plane).SequenceEqual(after.AsSpan(s * Plane, Plane)))];

    private static double Roughness(float[] input, int section) =>
        Enumerable.Range(section * Plane, Plane - 1).Average(i => Math.Abs(input[i + 1] - input[i]));

    private static TrainingConfig Config(AugmentationOptions options) => new()
    {
        Name = "test",
        VoxelSizeNm = [10, 10, 10],
        Sections = Sections,
        Patch = Edge,
        Rim = 2,
        Sources = [],
        Augmentation = options,
    };

    private static (float[] Input, float[] Target, float[] Weight) Patch(TrainingVolume volume, AugmentationOptions options, ulong step)
    {
        var (input, target, weight) = (new float[Sections * Plane], new float[5 * Plane], new float[5 * Plane]);
        new PatchSampler(Config(options)).Random(volume, new(4, step, 0), input, target, weight);
        return (input, target, weight);
    }

    private static TrainingVolume Empty(int sections)
    {
        var shape = new Index3(sections, 80, 80);
        return new("empty", new(10, 10, 10), new(shape), new(shape), new(shape), CellIds.AcrossSections);
    }

    private static TrainingVolume Noisy()
    {
        var (volume, random) = (Empty(9), new Random(5));
        random.NextBytes(volume.Raw.Data);
        for (var i = 0; i < volume.Cells.Data.Length; i++) volume.Cells.Data[i] = (uint)(i / 7 % 5 + 1);
        return volume;
    }
}
