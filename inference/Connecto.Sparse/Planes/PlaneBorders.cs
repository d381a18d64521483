namespace Connecto.Sparse.Planes;

/// <summary>Keeps the borders of planes 0.</summary>
internal static unsafe class PlaneBorders
{
    /// <summary>Sets what a tile wrote into the borders back to 0, while it is in L1.</summary>
    /// <param name="arena">The memory of all planes.</param>
    /// <param name="layout">The planes' layout.</param>
    /// <param name="planes">The planes written.</param>
    /// <param name="begin">First float written, from a plane's first pixel on.</param>
    /// <param name="end">Behind the last.</param>
    public static void Clear(float* arena, PlaneLayout layout, ReadOnlySpan<int> planes, int begin, int end)
    {
        var (row, line) = (begin / layout.Pitch, begin / layout.Pitch % layout.SectionRows);
        for (; row < layout.Rows && row * layout.Pitch < end; row++, line++)
        {
            if (line == layout.SectionRows) line = 0;
            var border = row * layout.Pitch + (line < layout.Height ? layout.Width : 0);
            ClearRange(arena, planes, Math.Max(begin, border), Math.Min(end, (row + 1) * layout.Pitch));
        }
        ClearRange(arena, planes, Math.Max(begin, layout.Length), end);
    }

    private static void ClearRange(float* arena, ReadOnlySpan<int> planes, int begin, int end)
    {
        if (begin >= end) return;
        foreach (var plane in planes)
            for (var i = begin; i < end; i++) arena[plane + i] = 0;
    }
}
