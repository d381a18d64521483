using System.Runtime.CompilerServices;

namespace Connecto.Sparse.Planes;

/// <summary>Hands out planes of several levels, each of one layout, and takes them back, before any memory exists; then
/// lays them out.</summary>
/// <remarks>A plane that is taken back serves again at its own level only, so its borders stay 0.</remarks>
internal sealed unsafe class PlaneArena
{
    private const int Alignment = 16;
    private readonly Dictionary<int, Level> levels = [];
    private readonly List<(Level Level, int Slot)> planes = [];
    private float[]? memory;

    /// <summary>Sets the layout of a level's planes.</summary>
    public void AddLevel(int level, PlaneLayout layout) => levels.Add(level, new Level(layout));

    public PlaneLayout LayoutOf(int level) => levels[level].Layout;

    /// <summary>Takes planes; the numbers are places in the list of all planes.</summary>
    public int[] Take(int levelNumber, int count)
    {
        var level = levels[levelNumber];
        var taken = new int[count];
        for (var i = 0; i < count; i++)
        {
            if (!level.Free.TryDequeue(out var slot)) slot = level.Slots++;
            taken[i] = planes.Count;
            planes.Add((level, slot));
        }
        return taken;
    }

    /// <summary>Takes planes back.</summary>
    public void Release(ReadOnlySpan<int> taken)
    {
        foreach (var plane in taken) planes[plane].Level.Free.Enqueue(planes[plane].Slot);
    }

    /// <summary>Allocates the memory, all zeros. Nothing may be taken afterwards.</summary>
    /// <exception cref="ArgumentException">The planes need 8 GB or more.</exception>
    public void Allocate()
    {
        long total = Alignment;
        foreach (var level in levels.Values)
        {
            level.Base = total;
            total += (long)level.Slots * level.Layout.Stride + level.Layout.Front; // the last plane's rear border
        }
        total += Kernels.KernelSet.LongestTile + levels.Values.Max(l => l.Layout.Front) + Alignment;
        if (total > Array.MaxLength) throw new ArgumentException(
            $"The planes need {total * 4 >> 20} MiB; run smaller tiles.");
        memory = GC.AllocateArray<float>((int)total, pinned: true);
        var address = (nint)Unsafe.AsPointer(ref memory[0]);
        Base = (float*)((address + 63) & ~63);
    }

    /// <summary>What offsets count from; a multiple of 64 bytes.</summary>
    public float* Base { get; private set; }

    /// <summary>Bytes allocated.</summary>
    public long Bytes => (memory?.LongLength ?? 0) * sizeof(float);

    /// <summary>Floats from <see cref="Base"/> to each plane's first pixel.</summary>
    public int[] Offsets(ReadOnlySpan<int> taken)
    {
        var offsets = new int[taken.Length];
        for (var i = 0; i < taken.Length; i++)
        {
            var (level, slot) = planes[taken[i]];
            offsets[i] = (int)(level.Base + (long)slot * level.Layout.Stride + level.Layout.Front);
        }
        return offsets;
    }

    private sealed class Level(PlaneLayout layout)
    {
        public PlaneLayout Layout { get; } = layout;
        public Queue<int> Free { get; } = [];
        public int Slots { get; set; }
        public long Base { get; set; }
    }
}
