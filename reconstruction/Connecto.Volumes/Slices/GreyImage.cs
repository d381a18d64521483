using System.Runtime.InteropServices;

namespace Connecto.Volumes.Slices;

/// <summary>One grey picture in memory: rows from top to bottom, unsigned samples of 8, 16 or 32 bits.</summary>
public sealed class GreyImage
{
    private readonly byte[] samples;

    internal GreyImage(GreyFormat format, byte[] samples)
    {
        System.Diagnostics.Debug.Assert(samples.Length == format.ByteCount);
        (Format, this.samples) = (format, samples);
    }

    /// <summary>A picture of 8-bit samples, copied from (y, x) order.</summary>
    /// <exception cref="ArgumentException">The length is not height * width, or a length is not positive.</exception>
    public GreyImage(ReadOnlySpan<byte> samples, int height, int width)
        : this(Checked(samples.Length, height, width, 8), samples.ToArray()) { }

    /// <summary>A picture of 16-bit samples, copied from (y, x) order.</summary>
    /// <exception cref="ArgumentException">The length is not height * width, or a length is not positive.</exception>
    public GreyImage(ReadOnlySpan<ushort> samples, int height, int width)
        : this(Checked(samples.Length, height, width, 16), MemoryMarshal.AsBytes(samples).ToArray()) { }

    /// <summary>A picture of 32-bit samples, copied from (y, x) order.</summary>
    /// <exception cref="ArgumentException">The length is not height * width, or a length is not positive.</exception>
    public GreyImage(ReadOnlySpan<uint> samples, int height, int width)
        : this(Checked(samples.Length, height, width, 32), MemoryMarshal.AsBytes(samples).ToArray()) { }

    /// <summary>Rows, columns, bits.</summary>
    public GreyFormat Format { get; }

    /// <summary>Rows.</summary>
    public int Height => Format.Height;

    /// <summary>Columns.</summary>
    public int Width => Format.Width;

    /// <summary>8, 16 or 32.</summary>
    public int BitsPerSample => Format.BitsPerSample;

    /// <summary>The samples as bytes in the machine's byte order, (y, x), x fastest.</summary>
    public ReadOnlySpan<byte> Bytes => samples;

    /// <summary>Copies every sample, widened, to the first height * width places.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than height * width.</exception>
    public void CopyTo(Span<uint> destination)
    {
        CheckRoom(destination.Length);
        switch (BitsPerSample)
        {
            case 8:
                for (var i = 0; i < samples.Length; i++) destination[i] = samples[i];
                break;
            case 16:
                var words = MemoryMarshal.Cast<byte, ushort>(samples);
                for (var i = 0; i < words.Length; i++) destination[i] = words[i];
                break;
            default:
                MemoryMarshal.Cast<byte, uint>(samples).CopyTo(destination);
                break;
        }
    }

    /// <summary>Copies the samples of an 8-bit picture to the first height * width places.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than height * width.</exception>
    /// <exception cref="InvalidOperationException">The samples are wider than 8 bits.</exception>
    public void CopyTo(Span<byte> destination)
    {
        CheckRoom(destination.Length);
        if (BitsPerSample != 8)
            throw new InvalidOperationException(
                $"Samples of {BitsPerSample} bits do not fit bytes; copy them to uint.");
        samples.CopyTo(destination);
    }

    private void CheckRoom(int length)
    {
        if (length < (long)Height * Width)
            throw new ArgumentException(
                $"A picture of {Height} x {Width} needs {(long)Height * Width} places; found {length}.");
    }

    private static GreyFormat Checked(int length, int height, int width, int bits)
    {
        if (height < 1 || width < 1 || length != (long)height * width)
            throw new ArgumentException(
                $"A picture of {height} x {width} needs {(long)height * width} samples; found {length}.");
        return new GreyFormat(height, width, bits);
    }
}
