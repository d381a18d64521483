using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Connecto.Sparse.Planes;

/// <summary>Some rows and columns of what a range of a convolution's taps reads, copied side by side.</summary>
/// <remarks>
/// In the arena the rows that neighbouring outputs read lie on as many memory pages as there are planes, and a tap to the
/// left or right begins anywhere in a cache line. Here they are one piece of a few tens of kB, [slot][row][column], with a
/// slot for every plane and shift to the side that some weight reads, so that every load is one line. Loads out of two
/// lines cost twice, and on an Ice Lake server core loads are the bound: such code alone, over 64 planes again and again,
/// does 2.2 to 2.8 multiply-adds of 16 lanes a nanosecond with shifted reads, which also touch twice as many lines, and
/// 3.7 to 4.1 without. In a whole layer copies and sums take a good part of that gain.
/// </remarks>
internal sealed unsafe class ConvolutionTile
{
    private readonly PlaneLayout layout;
    private readonly int[] sources; // by slot: floats from the arena's base to what its first output reads
    private readonly int height, stride;

    private ConvolutionTile(
        PlaneLayout layout, int begin, int end, int rows, int columns, int[] sources, int[] places, int height, int top, Tap[] slots)
    {
        (this.layout, Begin, End, Rows, Columns, this.sources, Places, this.height) =
            (layout, begin, end, rows, columns, sources, places, height);
        (Top, Slots) = (top, slots);
        stride = Stride(height, columns);
    }

    /// <summary>First tap.</summary>
    public int Begin { get; }

    /// <summary>Behind the last tap.</summary>
    public int End { get; }

    /// <summary>By slot: the plane, the section and the column that its first output reads.</summary>
    public Tap[] Slots { get; }

    /// <summary>The row that the first output reads first, from its own.</summary>
    public int Top { get; }

    /// <summary>Rows of a slot.</summary>
    public int Height => height;

    /// <summary>Floats of a slot.</summary>
    public int SlotFloats => stride;

    /// <summary>Output rows, at most.</summary>
    public int Rows { get; }

    /// <summary>Output columns, at most; the floats from a row of the tile to the next.</summary>
    public int Columns { get; }

    /// <summary>Where the first output reads each tap, in floats from the tile's begin; all taps, those of other tiles
    /// 0.</summary>
    public int[] Places { get; }

    /// <summary>What a tile takes.</summary>
    public long Floats => (long)sources.Length * stride;

    /// <summary>The tiles that cover all taps.</summary>
    /// <param name="taps">The reads.</param>
    /// <param name="used">Whether any weight of a tap is kept, by tap.</param>
    /// <param name="inputs">Where the planes begin.</param>
    /// <param name="layout">Their layout.</param>
    /// <param name="rows">Output rows of a tile.</param>
    /// <param name="columns">Output columns of a tile, a multiple of 16.</param>
    /// <param name="mostReads">Different rows of slots that one output may read in a tile.</param>
    public static ConvolutionTile[] Cut(
        Tap[] taps, bool[] used, ReadOnlySpan<int> inputs, PlaneLayout layout, int rows, int columns, int mostReads)
    {
        List<int> begins = [0];
        HashSet<Tap> reads = [];
        for (var t = 0; t < taps.Length; t++)
            if (used[t] && reads.Add(taps[t]) && reads.Count > mostReads)
            {
                // Taps of a plane stay together, or its rows would be copied twice.
                var cut = t;
                while (cut > begins[^1] + 1 && taps[cut - 1].Plane == taps[cut].Plane) cut--;
                if (cut <= begins[^1] + 1) cut = t;
                begins.Add(cut);
                reads = [.. taps[cut..(t + 1)].Where((_, i) => used[cut + i])];
            }
        var tiles = new ConvolutionTile[begins.Count];
        for (var i = 0; i < tiles.Length; i++)
            tiles[i] = Create(taps, used, inputs, layout, rows, columns, begins[i], i + 1 < tiles.Length ? begins[i + 1] : taps.Length);
        return tiles;
    }

    /// <summary>Copies a tile in.</summary>
    /// <param name="arena">The memory of all planes.</param>
    /// <param name="row">First output row.</param>
    /// <param name="rows">Output rows, at most <see cref="Rows"/>.</param>
    /// <param name="column">First output column.</param>
    /// <param name="columns">Output columns, at most <see cref="Columns"/>; the others are left as they are.</param>
    /// <param name="to">Where to; <see cref="Floats"/> floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(float* arena, int row, int rows, int column, int columns, float* to)
    {
        // Borders are zeros in the planes, to the sides as well as above and below.
        var from = row * layout.Pitch + column;
        var count = height - (Rows - rows);
        foreach (var slot in sources)
        {
            var (source, target) = ((nint)(arena + slot + from), (nint)to);
            for (var y = 0; y < count; y++, source += layout.Pitch * sizeof(float), target += Columns * sizeof(float))
                Copy((float*)source, (float*)target, columns);
            to += stride;
        }
    }

    private static ConvolutionTile Create(
        Tap[] taps, bool[] used, ReadOnlySpan<int> inputs, PlaneLayout layout, int rows, int columns, int begin, int end)
    {
        var kept = Enumerable.Range(begin, end - begin).Where(t => used[t]).ToArray();
        var (top, bottom) = kept.Length == 0 ? (0, 0) : (kept.Min(t => taps[t].Dy), kept.Max(t => taps[t].Dy));
        var height = rows + bottom - top;
        var places = new int[taps.Length];
        Dictionary<(int, int, int), int> slots = [];
        List<int> sources = [];
        List<Tap> firsts = [];
        foreach (var t in kept)
        {
            var (plane, dy, dx, dz) = taps[t];
            if (!slots.TryGetValue((plane, dz, dx), out var slot))
            {
                slots.Add((plane, dz, dx), slot = slots.Count);
                firsts.Add(new Tap(plane, top, dx, dz));
                sources.Add(inputs[plane] + (dz * layout.SectionRows + top) * layout.Pitch + dx);
            }
            places[t] = slot * Stride(height, columns) + (dy - top) * columns;
        }
        return new ConvolutionTile(layout, begin, end, rows, columns, [.. sources], places, height, top, [.. firsts]);
    }

    /// <summary>Floats of a slot: an odd number of lines, or all slots would fall into the same cache sets.</summary>
    private static int Stride(int height, int columns) => height * columns | 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* from, float* to, int count)
    {
        var i = 0;
        for (; i + 16 <= count; i += 16) Vector512.Store(Vector512.Load(from + i), to + i);
        for (; i < count; i++) to[i] = from[i];
    }
}
