namespace Connecto.Sparse;

/// <summary>The size of planes of bytes and how their pixels lie.</summary>
/// <param name="Channels">Planes, 1 or more.</param>
/// <param name="Height">Lines, 1 or more.</param>
/// <param name="Width">Pixels of a line, 1 or more.</param>
/// <param name="Steps">Vectors of a line; 16 times it is at least Width. A convolution with stride 2 takes an even number and
/// yields half of it.</param>
/// <param name="Border">Lines and vectors around the planes that stand for padding: at least the padding of every
/// convolution that reads the planes, at most Steps.</param>
/// <remarks>
/// A vector of 64 bytes holds 16 pixels of four channels. Its pixels are not neighbours: vector s of a line has in lane l the
/// pixel l * Steps + s. So the pixel beside each of them is in the same lane of the next vector, and a
/// convolution's displaced loads are whole aligned vectors, where neighbours in one vector would make two of
/// three taps straddle cache lines, which costs double. A line ends in border vectors whose lanes are moved on by
/// one. Strides, pooling and upsampling by 2 keep every pixel in its lane as well. In memory: [Channels / 4 rounded
/// up][Height + 2 Border][Steps + 2 Border][16][4].
/// </remarks>
public readonly record struct BytePlaneShape(int Channels, int Height, int Width, int Steps, int Border = 1)
{
    /// <summary>The shape with the least steps that a number of halvings allows.</summary>
    /// <param name="channels">Planes.</param>
    /// <param name="height">Lines.</param>
    /// <param name="width">Pixels of a line.</param>
    /// <param name="halvings">How many convolutions with stride 2 follow, one after another.</param>
    /// <param name="border">Lines and vectors around.</param>
    public static BytePlaneShape For(int channels, int height, int width, int halvings = 0, int border = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(halvings);
        var even = 1 << halvings;
        var least = Math.Max((width + 15) / 16, border);
        return new(channels, height, width, (least + even - 1) / even * even, border);
    }

    /// <summary>Groups of four channels.</summary>
    public int Quads => (Channels + 3) / 4;

    internal int LineBytes => (Steps + 2 * Border) * 64;

    internal long QuadBytes => (long)(Height + 2 * Border) * LineBytes;

    internal long Bytes => Quads * QuadBytes;

    /// <summary>Bytes from the first to vector s of line y of four channels.</summary>
    internal long Place(int quad, int y, int s) => quad * QuadBytes + (long)(y + Border) * LineBytes + (s + Border) * 64L;

    /// <summary>Lanes of vector s that hold pixels; they are the first ones.</summary>
    internal int Lanes(int s) => Math.Clamp((Width - s + Steps - 1) / Steps, 0, 16);

    internal void Check(string name)
    {
        if (Channels < 1 || Height < 1 || Width < 1 || Border < 0 || Border > Steps || 16L * Steps < Width ||
            Bytes > int.MaxValue / 2)
            throw new ArgumentException(
                $"{this} cannot be: sizes are at least 1, 16 steps reach over a line, the border is between 0 and the " +
                $"steps, and all planes together have at most 1 GB.", name);
    }
}
