namespace Connecto.Segmentation.Training;

/// <summary>Which section of a stack each channel of a patch shows, and how far it is shifted against the middle one.</summary>
/// <remarks>Truth follows from it like the image does: the middle section's own labels, and affinity z between it and
/// whatever lies in the channel before. A duplicated section thus teaches that a section and its copy are one.</remarks>
internal sealed class PatchSections
{
    private readonly int[] _offsets;
    private readonly float[] _shifts;

    private PatchSections(int z, int direction, int count)
    {
        (Z, Direction) = (z, direction);
        (_offsets, _shifts) = (new int[count], new float[2 * count]);
        for (var s = 0; s < count; s++) _offsets[s] = s - count / 2;
    }

    /// <summary>The section in the middle.</summary>
    public int Z { get; }

    /// <summary>1, or -1 where the stack is read backwards.</summary>
    public int Direction { get; }

    /// <summary>Channels.</summary>
    public int Count => _offsets.Length;

    /// <summary>The channel whose section is the middle one's lower neighbour; -1 for a single channel.</summary>
    public int Lower => Count / 2 - 1;

    /// <summary>As the stack is.</summary>
    public static PatchSections Plain(int z, int count) => new(z, 1, count);

    /// <summary>A random section, shifts of its neighbours, and their faults.</summary>
    /// <param name="options">How much.</param>
    /// <param name="random">Drawn from.</param>
    /// <param name="depth">Sections of the stack.</param>
    /// <param name="count">Channels.</param>
    /// <param name="exact">True for shifts by whole pixels, and of faulty sections alone.</param>
    public static PatchSections Random(AugmentationOptions options, ref PatchRandom random, int depth, int count, bool exact)
    {
        var direction = random.Chance(options.FlipZ) ? -1 : 1;
        var patch = new PatchSections(random.Below(depth), direction, count);
        foreach (ref var shift in patch._shifts.AsSpan()) shift = (float)(random.Next(-1, 1) * options.SectionShift);
        patch._shifts.AsSpan(count / 2 * 2, 2).Clear();
        if (exact) patch._shifts.AsSpan().Clear();
        if (count == 1) return patch;
        if (random.IsFault(options.ShiftedSection)) patch.ShiftOne(options.ShiftedSectionPixels, ref random);
        if (random.IsFault(options.DuplicatedSection)) patch.DuplicateOne(ref random);
        return patch;
    }

    /// <summary>The section of a channel; may lie outside the stack.</summary>
    public int At(int channel) => channel < 0 ? Z - Direction : Z + _offsets[channel] * Direction;

    /// <summary>Rows and columns by which a channel is shifted.</summary>
    public (float Y, float X) Shift(int channel) => channel < 0 ? (0, 0) : (_shifts[2 * channel], _shifts[2 * channel + 1]);

    private void ShiftOne(double pixels, ref PatchRandom random)
    {
        var channel = Neighbour(ref random);
        _shifts[2 * channel] += (float)Math.Round(random.Next(-1, 1) * pixels);
        _shifts[2 * channel + 1] += (float)Math.Round(random.Next(-1, 1) * pixels);
    }

    // The copy pushes everything behind it one section outwards.
    private void DuplicateOne(ref PatchRandom random)
    {
        var first = Neighbour(ref random);
        var outwards = first < Count / 2 ? -1 : 1;
        for (var s = outwards < 0 ? 0 : Count - 1; s != first - outwards; s -= outwards)
        {
            _offsets[s] -= outwards;
            (_shifts[2 * s], _shifts[2 * s + 1]) = Shift(s - outwards);
        }
    }

    private int Neighbour(ref PatchRandom random)
    {
        var channel = random.Below(Count - 1);
        return channel < Count / 2 ? channel : channel + 1;
    }
}
