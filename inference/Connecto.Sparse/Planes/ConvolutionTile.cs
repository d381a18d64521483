using System.Runtime.Intrinsics;

namespace Connecto.Sparse.Planes;

/// <summary>Some rows and columns of all input planes of a convolution, copied side by side.</summary>
/// <remarks>
/// In the arena the rows that one tile reads lie on as many memory pages as there are planes, at any alignment. Here they
/// are a few tens of kB in one piece, [plane][row][column], and column 0 of the tile begins a cache line; so a tap to the
/// left or right crosses lines, the others do not.
/// </remarks>
internal sealed unsafe class ConvolutionTile
{
    private const int Line = 16;

    private readonly int[] planes; // floats from the arena's base, by input plane
    private readonly bool[] read;
    private readonly PlaneLayout layout;
    private readonly int top, bottom, left, right;

    /// <param name="taps">The reads.</param>
    /// <param name="inputs">Where the planes begin.</param>
    /// <param name="layout">The planes' layout.</param>
    /// <param name="used">Whether any weight of a tap is kept, by tap.</param>
    /// <param name="grain">Columns are a multiple of this.</param>
    /// <param name="bytes">About what a tile may take.</param>
    public ConvolutionTile(
        Tap[] taps, ReadOnlySpan<int> inputs, PlaneLayout layout, ReadOnlySpan<bool> used, int grain, int bytes)
    {
        (this.layout, planes) = (layout, inputs.ToArray());
        read = new bool[planes.Length];
        for (var t = 0; t < taps.Length; t++)
        {
            if (!used[t]) continue;
            read[taps[t].Plane] = true;
            (top, bottom) = (Math.Max(top, -taps[t].Dy), Math.Max(bottom, taps[t].Dy));
            (left, right) = (Math.Max(left, -taps[t].Dx), Math.Max(right, taps[t].Dx));
        }
        var count = Math.Max(1, read.Count(r => r));
        // Whole rows where they are not too long, and as many of them as fit.
        Columns = Math.Min((layout.Width + grain - 1) / grain * grain, Math.Max(grain, 256 / grain * grain));
        Before = (left + Line - 1) / Line * Line;
        Pitch = Before + Columns + (right + Line - 1) / Line * Line;
        var fit = bytes / sizeof(float) / count / Pitch - top - bottom;
        Rows = Math.Clamp(fit, 1, Math.Min(8, layout.Height));
        // An odd number of lines, or planes of a power of two would all fall into the same cache sets.
        PlaneStride = (Rows + top + bottom) * Pitch;
        if ((PlaneStride / Line & 1) == 0) PlaneStride += Line;
        Floats = (long)count * PlaneStride;
    }

    /// <summary>Output rows of a tile.</summary>
    public int Rows { get; }

    /// <summary>Output columns of a tile.</summary>
    public int Columns { get; }

    /// <summary>Floats from a row of the tile to the next; a multiple of 16, as the next two are.</summary>
    public int Pitch { get; }

    /// <summary>Floats from a plane to the next.</summary>
    public int PlaneStride { get; }

    private int Before { get; }

    /// <summary>What a tile takes.</summary>
    public long Floats { get; }

    /// <summary>Where a tap of the first output pixel of a tile reads, in floats; 0 where no weight is kept.</summary>
    public int[] Places(Tap[] taps)
    {
        var slots = new int[planes.Length];
        for (var (plane, slot) = (0, 0); plane < planes.Length; plane++) slots[plane] = read[plane] ? slot++ : 0;
        return Array.ConvertAll(taps, t => !read[t.Plane] || t.Dy < -top || t.Dy > bottom || t.Dx < -left || t.Dx > right ? 0
            : slots[t.Plane] * PlaneStride + (t.Dy + top) * Pitch + Before + t.Dx);
    }

    /// <summary>Copies a tile in.</summary>
    /// <param name="arena">The memory of all planes.</param>
    /// <param name="row">First output row.</param>
    /// <param name="rows">Output rows, at most <see cref="Rows"/>.</param>
    /// <param name="column">First output column.</param>
    /// <param name="columns">Output columns, at most <see cref="Columns"/>.</param>
    /// <param name="to">Where to; <see cref="Floats"/> floats.</param>
    public void Pack(float* arena, int row, int rows, int column, int columns, float* to)
    {
        // Borders are zeros in the planes, to the sides as well as above and below.
        var from = (row - top) * layout.Pitch + column - left;
        var (count, height) = (left + columns + right, top + rows + bottom);
        for (var plane = 0; plane < planes.Length; plane++)
        {
            if (!read[plane]) continue;
            var source = arena + planes[plane] + from;
            var target = to + Before - left;
            for (var y = 0; y < height; y++, source += layout.Pitch, target += Pitch) Copy(source, target, count);
            to += PlaneStride;
        }
    }

    private static void Copy(float* from, float* to, int count)
    {
        var i = 0;
        for (; i + 16 <= count; i += 16) Vector512.Store(Vector512.Load(from + i), to + i);
        for (; i < count; i++) to[i] = from[i];
    }
}
