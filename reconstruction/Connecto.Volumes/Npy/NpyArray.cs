namespace Connecto.Volumes.Npy;

/// <summary>An array of any number of axes, C order (the last axis fastest).</summary>
/// <typeparam name="T">The item.</typeparam>
/// <param name="Shape">Lengths of the axes; empty for a scalar.</param>
/// <param name="Values">As many items as the product of the shape.</param>
public sealed record NpyArray<T>(int[] Shape, T[] Values) where T : unmanaged;
