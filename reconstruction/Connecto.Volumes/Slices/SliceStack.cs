using System.Buffers;

namespace Connecto.Volumes.Slices;

/// <summary>A stack of grey slices on disk: a folder of PNG or TIFF files, or one TIFF of many pages.</summary>
/// <remarks>Files are taken in natural order of their names (z9 before z10), each with all its pages; hidden files and
/// other kinds are passed over. A folder that holds no picture but a folder <c>raw</c> stands for that folder. Reading
/// is safe from several threads; each call decodes one slice on the calling thread.</remarks>
public sealed class SliceStack
{
    private readonly Slice[] slices;

    private SliceStack(string path, Slice[] slices, VoxelSize? voxelSize)
    {
        var format = slices[0].Format;
        (Path, this.slices, VoxelSize) = (path, slices, voxelSize);
        (Shape, BitsPerSample) = (new Index3(slices.Length, format.Height, format.Width), format.BitsPerSample);
        Files = Array.ConvertAll(slices, slice => slice.File);
    }

    private readonly record struct Slice(string File, GreyFormat Format, TiffPage? Page);

    /// <summary>The folder or file that was opened; the folder <c>raw</c> inside where that was taken.</summary>
    public string Path { get; }

    /// <summary>Slices, rows, columns.</summary>
    public Index3 Shape { get; }

    /// <summary>8, 16 or 32, the same for every slice.</summary>
    public int BitsPerSample { get; }

    /// <summary>The file of each slice; the same one repeated for the pages of a TIFF.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>From the sidecar <c>volume.json</c>; null where there is none. Resolution tags are not
    /// trusted.</summary>
    public VoxelSize? VoxelSize { get; }

    /// <summary>Opens a stack: finds its files and checks every header, so that what can be refused is refused
    /// here.</summary>
    /// <param name="path">A folder, or a TIFF or PNG file.</param>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    /// <exception cref="InvalidDataException">No pictures, two kinds, two sizes, or a picture that is refused or cut
    /// short; the message names the file.</exception>
    /// <remarks>Reads a few kilobytes a slice. Pixels are decoded, and so checked, when they are read.</remarks>
    public static SliceStack Open(string path)
    {
        if (!Directory.Exists(path) && !File.Exists(path))
            throw new FileNotFoundException(
                $"There is no folder or file {path}; a folder of slices or a TIFF was expected.", path);
        var (folder, files) = SliceFiles.Find(path);
        var slices = new List<Slice>(files.Length);
        foreach (var file in files)
        {
            if (SliceFiles.IsPng(file))
                slices.Add(new Slice(file, PngImage.ReadFormat(file), null));
            else
                slices.AddRange(TiffImage.OpenPages(file).Select(page => new Slice(file, page.Format, page)));
        }
        for (var z = 1; z < slices.Count; z++)
            if (slices[z].Format != slices[0].Format)
                throw new InvalidDataException(
                    $"{slices[z].File} (slice {z}) is {slices[z].Format}; slice 0, {System.IO.Path.GetFileName(slices[0].File)}, is "
                    + $"{slices[0].Format}, and all slices of a stack must agree. Nothing was written.");
        return new SliceStack(folder, [.. slices], VolumeDescription.Find(folder)?.VoxelSize);
    }

    /// <summary>Reads the raw samples of a slice, (y, x) order, into the first y * x places.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or has changed since the stack was
    /// opened.</exception>
    public void ReadSlice(int z, Span<uint> samples) => Decode(z).CopyTo(samples);

    /// <summary>Reads a slice of 8-bit samples, (y, x) order, into the first y * x places.</summary>
    /// <exception cref="InvalidOperationException">The samples are wider than 8 bits.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice.</exception>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or has changed since the stack was
    /// opened.</exception>
    public void ReadSlice(int z, Span<byte> samples)
    {
        if (BitsPerSample != 8)
            throw new InvalidOperationException(
                $"Samples of {BitsPerSample} bits do not fit bytes; read them as uint.");
        Decode(z).CopyTo(samples);
    }

    /// <summary>Reads slices as labels: each sample is an id.</summary>
    /// <param name="first">The first slice.</param>
    /// <param name="count">How many.</param>
    /// <returns>Shape (count, y, x).</returns>
    /// <exception cref="ArgumentOutOfRangeException">The slices are not all in the stack.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or has changed since the stack was opened.</exception>
    public Volume<ulong> ReadLabels(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)first + count, Shape.Z, nameof(count));
        var labels = new Volume<ulong>(new Index3(count, Shape.Y, Shape.X));
        var samples = ArrayPool<uint>.Shared.Rent(Shape.Y * Shape.X);
        for (var z = 0; z < count; z++)
        {
            ReadSlice(first + z, samples);
            var slice = labels.Slice(z);
            for (var i = 0; i < slice.Length; i++) slice[i] = samples[i];
        }
        ArrayPool<uint>.Shared.Return(samples);
        return labels;
    }

    private GreyImage Decode(int z)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(z);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(z, Shape.Z);
        var (file, format, page) = slices[z];
        var image = page is null ? PngImage.Read(file) : TiffImage.ReadPage(file, page);
        if (image.Format != format)
            throw new InvalidDataException($"{file} is {image.Format} now; it was {format} when the stack was opened.");
        return image;
    }
}
