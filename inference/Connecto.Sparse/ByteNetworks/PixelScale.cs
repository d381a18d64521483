namespace Connecto.Sparse;

/// <summary>What a byte of a network's input stands for: Step * (byte - Zero).</summary>
/// <param name="Step">What one level is worth; finite and above 0.</param>
/// <param name="Zero">The level that stands for 0, in [0, 255]; not always a whole number (127.5 for pixels centred on
/// grey).</param>
public readonly record struct PixelScale(double Step, double Zero)
{
    /// <summary>Whether both numbers are in their ranges.</summary>
    internal bool IsValid => double.IsFinite(Step) && Step > 0 && Zero is >= 0 and <= 255;
}
