using Connecto.Sparse.Bytes;

namespace Connecto.Sparse.Tests.Bytes;

public unsafe class PortableBlocksTests
{
    [Fact]
    public void Every_variant_of_the_table_gives_the_same_sums()
    {
        var matrix = ByteMatrix.FromBytes(ByteSamples.Matrix(11, 100, 0.4, 1)).ToBlocks(BlockOrder.Clustered);
        var targets = stackalloc int*[4];
        foreach (var vectors in new[] { 1, 2, 3, 6 })
        {
            var shape = new BlockShape(4, vectors, 64, vectors, 0);
            var groups = RowGroups.Neighbours(11, 4);
            var rows = BlockRows.Cut(matrix.Words, 7, vectors * 64);
            int[] start = [.. Enumerable.Range(-5, 11)];
            var input = ByteSamples.Bytes(25 * vectors * 64, 2);
            int[]? expected = null;
            foreach (var name in PortableBlocks.Names)
            {
                using var kernel = PortableBlocks.Create(name, rows, groups, shape, start, "a test");
                Assert.Contains(name, kernel.Description);
                var sums = new int[groups.Length * shape.Sums];
                fixed (byte* x = input)
                fixed (int* to = sums)
                    for (var tile = 0; tile < rows.Tiles; tile++)
                        for (var group = 0; group < groups.Length; group++)
                        {
                            for (var r = 0; r < 4; r++) targets[r] = to + group * shape.Sums + r * vectors * 16;
                            kernel.Sum(tile, group, x + tile * 7 * vectors * 64, targets, vectors);
                        }
                Assert.Equal(expected ??= sums, sums);
            }
        }
    }

    [Fact]
    public void Similar_rows_are_grouped_and_none_is_lost()
    {
        var matrix = CsrMatrix.FromEntries(6, 100, [.. Enumerable.Range(0, 6).SelectMany(r => Enumerable.Range(0, 10).Select(i => (r, r % 3 * 30 + i, 1f)))]);
        var groups = RowGroups.Similar(matrix, 2);
        Assert.Equal([[0, 3], [1, 4], [2, 5]], groups);
    }
}
