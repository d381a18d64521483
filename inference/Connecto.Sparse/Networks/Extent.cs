namespace Connecto.Sparse;

/// <summary>Lengths along the three axes of a volume, slowest first; a plane has a depth of 1.</summary>
/// <param name="Depth">Sections.</param>
/// <param name="Height">Rows a section.</param>
/// <param name="Width">Columns.</param>
/// <remarks>Also says what else comes by axis: a kernel's edges, a stride, a padding.</remarks>
public readonly record struct Extent(int Depth, int Height, int Width)
{
    /// <summary>A plane.</summary>
    public Extent(int height, int width) : this(1, height, width) { }

    /// <summary>The product of the three.</summary>
    public long Count => (long)Depth * Height * Width;

    /// <summary>"2 x 30 x 40"; of a plane, "30 x 40".</summary>
    public override string ToString() => Depth == 1 ? $"{Height} x {Width}" : $"{Depth} x {Height} x {Width}";

    /// <summary>The same length along all axes.</summary>
    internal static Extent Cube(int edge) => new(edge, edge, edge);

    /// <summary>Applies a rule axis by axis.</summary>
    internal Extent With(Extent other, Func<int, int, int> rule) =>
        new(rule(Depth, other.Depth), rule(Height, other.Height), rule(Width, other.Width));

    /// <summary>The least and the greatest of the three.</summary>
    internal (int Least, int Greatest) Range => (
        Math.Min(Depth, Math.Min(Height, Width)), Math.Max(Depth, Math.Max(Height, Width)));
}
