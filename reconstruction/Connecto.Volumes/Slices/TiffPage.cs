namespace Connecto.Volumes.Slices;

/// <summary>How a page's strips or tiles are packed.</summary>
internal enum TiffCompression
{
    None = 1,
    Lzw = 5,
    Deflate = 8,
    DeflateOld = 32946,
    PackBits = 32773,
}

/// <summary>One page, checked: everything that decoding needs. A strip is a block as wide as the page.</summary>
internal sealed record TiffPage
{
    /// <summary>Rows, columns, bits.</summary>
    public required GreyFormat Format { get; init; }

    public required TiffCompression Compression { get; init; }

    /// <summary>True when each row stores differences from sample to sample (predictor 2).</summary>
    public required bool Differenced { get; init; }

    /// <summary>True when 0 stands for white; samples are turned round.</summary>
    public required bool WhiteIsZero { get; init; }

    public required int BlockHeight { get; init; }

    public required int BlockWidth { get; init; }

    /// <summary>Tiles are whole at the page's edges and hang over; strips end with the page.</summary>
    public required bool Tiled { get; init; }

    /// <summary>Where each block starts, rows of blocks first.</summary>
    public required long[] Offsets { get; init; }

    /// <summary>Bytes that each block takes in the file.</summary>
    public required long[] ByteCounts { get; init; }

    public int BlocksAcross => (Format.Width - 1) / BlockWidth + 1;

    public int BlocksDown => (Format.Height - 1) / BlockHeight + 1;

    /// <summary>Rows that block number <paramref name="down"/> from the top holds.</summary>
    public int RowsOf(int down) => Tiled ? BlockHeight : Math.Min(BlockHeight, Format.Height - down * BlockHeight);
}
