using Connecto.Sparse.Kernels;

namespace Connecto.Sparse.Bytes;

/// <summary>Sums blocks of bytes for a group of rows and a pass of columns; every kernel gives the same bits.</summary>
/// <remarks>Called by several threads at once with different sums.</remarks>
internal abstract unsafe class BlockKernel : IDisposable
{
    /// <summary>One line: which kernel, and why.</summary>
    public abstract string Description { get; }

    /// <summary>Which of the public kinds it is.</summary>
    public abstract ProductKernel Kind { get; }

    /// <summary>rows[r][v][16] = start + sum over the group's entries of tile 0; later tiles add to what is there.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="group">The group.</param>
    /// <param name="input">What offsets of entries count from.</param>
    /// <param name="rows">Where the sums of each row of the group lie.</param>
    /// <param name="vectors">Vectors to do, at most the shape's; for generated code one of those that it was made for.</param>
    public abstract void Sum(int tile, int group, byte* input, int** rows, int vectors);

    /// <summary>Bytes of a group of four rows, made of its sums as <see cref="ByteEpilogue"/> defines them without a
    /// residual.</summary>
    /// <param name="group">The group.</param>
    /// <param name="input">What offsets of entries count from.</param>
    /// <param name="to">The first vector of bytes.</param>
    /// <param name="vectors">Vectors to do.</param>
    /// <returns>False where the kernel cannot; nothing was written then.</returns>
    public virtual bool TryBytes(int group, byte* input, byte* to, int vectors) => false;

    /// <summary>Gives the code's memory back.</summary>
    public virtual void Dispose() { }

    /// <summary>The best kernel that may be used.</summary>
    /// <param name="rows">The blocks.</param>
    /// <param name="groups">Rows by group, in the order of the sums.</param>
    /// <param name="shape">The register tile.</param>
    /// <param name="start">Starting values by row.</param>
    /// <param name="widths">Numbers of vectors that passes will have.</param>
    /// <param name="wish">The kind asked for.</param>
    /// <param name="finish">How bytes are written; null where none are wanted.</param>
    /// <exception cref="PlatformNotSupportedException">Generated code was asked for and cannot be had.</exception>
    public static BlockKernel Create(
        BlockRows rows, int[][] groups, BlockShape shape, int[] start, int[] widths, ProductKernel wish,
        BlockBytes? finish = null)
    {
        var why = "as asked for";
        if (wish != ProductKernel.Portable)
        {
            why = Streams.StreamSupport.BytesObstacle
                ?? (rows.Offsets.Length > Streams.StreamSupport.MostNonZeros
                    ? $"{rows.Offsets.Length} blocks are more than {Streams.StreamSupport.MostNonZeros}" : null);
            if (why is null &&
                GeneratedBlocks.TryCreate(rows, groups, shape, start, widths, finish, out why) is { } generated) return generated;
            if (wish == ProductKernel.Stream)
                throw new PlatformNotSupportedException($"No generated code can be used here: {why}.");
        }
        return PortableBlocks.Create(KernelTable.Chosen.Name, rows, groups, shape, start, why!);
    }
}
