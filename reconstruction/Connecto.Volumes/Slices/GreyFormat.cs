namespace Connecto.Volumes.Slices;

/// <summary>What the header of a grey image says.</summary>
/// <param name="Height">Rows, 1 or more.</param>
/// <param name="Width">Columns, 1 or more.</param>
/// <param name="BitsPerSample">8, 16 or 32, unsigned; files of 1, 2 or 4 bits are read as 8 without being
/// stretched.</param>
public readonly record struct GreyFormat(int Height, int Width, int BitsPerSample)
{
    /// <summary>Bytes that the decoded samples take.</summary>
    internal long ByteCount => (long)Height * Width * (BitsPerSample / 8);

    /// <summary>"512 x 512, 8 bit" (rows x columns).</summary>
    public override string ToString() => $"{Height} x {Width}, {BitsPerSample} bit";
}
