namespace Connecto.Phantom;

/// <summary>One rendered section and its exact truth; arrays of height * width, row by row. Reuse it: no array is
/// allocated again.</summary>
/// <remarks>Belongs to one thread at a time: it also holds the renderer's scratch.</remarks>
public sealed class PhantomSlice
{
    /// <summary>Makes room for sections of that size.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A length is not positive.</exception>
    public PhantomSlice(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        (Height, Width) = (height, width);
        var n = height * width;
        (Raw, Neurons, Clefts, Mitochondria, Presynaptic) = (new byte[n], new uint[n], new uint[n], new uint[n], new uint[n]);
        (Clean, Blurred) = (new float[n], new float[n]);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>The image, 0 black to 255 white.</summary>
    public byte[] Raw { get; }

    /// <summary>The neurite that owns each voxel, never 0.</summary>
    public uint[] Neurons { get; }

    /// <summary>The cleft that covers each voxel, or 0. One cleft serves all partners of a presynaptic site.</summary>
    public uint[] Clefts { get; }

    /// <summary>The mitochondrion that covers each voxel, or 0.</summary>
    public uint[] Mitochondria { get; }

    /// <summary>The cleft on whose presynaptic side a voxel lies (inside the presynaptic neurite, within 80 nm of the
    /// contact), or 0.</summary>
    public uint[] Presynaptic { get; }

    internal float[] Clean { get; }
    internal float[] Blurred { get; }
    internal Imaging.PaintScratch Scratch { get; } = new();
}
