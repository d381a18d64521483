using Connecto.Segmentation;

namespace Connecto.Pipeline;

/// <summary>What blocks measured, a file each, until the stage has finished.</summary>
/// <param name="folder">Made if absent.</param>
internal sealed class BlockGraphFiles(string folder)
{
    /// <summary>Writes a block's file whole.</summary>
    public void Write(BlockGraph block)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(block.Index);
        using (var stream = new FileStream(path + ".tmp", FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            block.Write(stream);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    /// <summary>Reads a block's file.</summary>
    /// <exception cref="InvalidDataException">It is absent or cut short.</exception>
    public BlockGraph Read(int index)
    {
        try
        {
            using var stream = new FileStream(PathOf(index), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            return BlockGraph.Read(stream);
        }
        catch (Exception e) when (e is EndOfStreamException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException(
                $"What block {index} measured is not whole in '{PathOf(index)}'. Remove that folder's parent and run again; finished stages were left as they are.", e);
        }
    }

    private string PathOf(int index) => Path.Combine(folder, $"{index}.graph");
}
