using Connecto.Sparse;
using Connecto.Testing;

namespace Connecto.BrainNetworks.Tests;

public sealed class NpzReaderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("connecto-npz-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void What_is_written_is_read_back()
    {
        foreach (var (rows, columns, entries) in new[] { (0, 0, 0), (3, 5, 0), (30, 20, 100) })
        {
            var matrix = CsrMatrix.FromEntries(rows, columns, Enumerable.Range(0, entries).Select(i => (i * 7 % rows, i * 3 % columns, i - 0.5f)));
            var path = Path.Combine(root, "m.npz");
            using (var stream = File.Create(path)) NpzMatrix.Write(stream, matrix);
            AssertSame(matrix, NpzReader.Read(path));
        }
    }

    [ScipyFact]
    public void Matrices_of_scipy_in_rows_and_columns_are_read()
    {
        var matrix = CsrMatrix.FromEntries(4, 6, [(0, 5, 1.5f), (1, 0, -2f), (1, 3, 4f), (3, 2, 0.25f)]);
        foreach (var (format, type) in new[] { ("csr", "float32"), ("csr", "float64"), ("csc", "float32") })
        {
            var path = Path.Combine(root, $"{format}-{type}.npz");
            Assert.True(Scipy.TryRun(
                $"""
                import numpy, scipy.sparse
                m = scipy.sparse.coo_matrix(([1.5, -2, 4, 0.25], ([0, 1, 1, 3], [5, 0, 3, 2])), (4, 6)).astype(numpy.{type})
                scipy.sparse.save_npz(r'{path}', m.to{format}())
                """, out var output), output);
            AssertSame(matrix, NpzReader.Read(path));
        }
    }

    [Fact]
    public void A_file_that_is_no_matrix_is_refused_by_name()
    {
        var path = Path.Combine(root, "broken.npz");
        File.WriteAllText(path, "not a zip");
        Assert.Contains("broken.npz", Assert.Throws<InvalidDataException>(() => NpzReader.Read(path)).Message);
        Assert.Throws<FileNotFoundException>(() => NpzReader.Read(Path.Combine(root, "none.npz")));
    }

    private static void AssertSame(CsrMatrix expected, CsrMatrix found)
    {
        Assert.Equal((expected.Rows, expected.Columns), (found.Rows, found.Columns));
        Assert.Equal(expected.RowStarts, found.RowStarts);
        Assert.Equal(expected.ColumnIndices, found.ColumnIndices);
        Assert.Equal(expected.Values, found.Values);
    }
}
