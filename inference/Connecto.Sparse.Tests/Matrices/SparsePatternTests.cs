namespace Connecto.Sparse.Tests.Matrices;

public class SparsePatternTests
{
    [Theory]
    [InlineData("needs one start more than lists", 2, 3, new[] { 0, 1 }, new[] { 0 }, "2 columns need 3 column starts; found 2")]
    [InlineData("begins elsewhere", 1, 3, new[] { 1, 1 }, new[] { 0 }, "Column starts must run from 0 to 1")]
    [InlineData("ends elsewhere", 1, 3, new[] { 0, 2 }, new[] { 0 }, "found 0 to 2")]
    [InlineData("starts fall", 3, 3, new[] { 0, 2, 1, 2 }, new[] { 0, 1 }, "Column 1 starts at 2, after the next column's 1")]
    [InlineData("starts overflow", 3, 3, new[] { 0, int.MaxValue, int.MinValue, 2 }, new[] { 0, 1 }, "Column 1 starts at 2147483647")]
    [InlineData("index repeats", 1, 3, new[] { 0, 2 }, new[] { 1, 1 }, "Column 0 has row 1 after 1")]
    [InlineData("indices descend", 1, 3, new[] { 0, 2 }, new[] { 2, 1 }, "Column 0 has row 1 after 2")]
    [InlineData("index too large", 2, 3, new[] { 0, 1, 2 }, new[] { 2, 3 }, "Column 1 has row 3 after -1; rows must ascend strictly below 3")]
    [InlineData("index negative", 1, 3, new[] { 0, 1 }, new[] { -1 }, "Column 0 has row -1")]
    [InlineData("a negative number of rows", 1, -3, new[] { 0, 0 }, new int[0], "found 1 and -3")]
    public void A_corrupt_matrix_of_columns_is_refused_in_a_sentence(
        string what, int columns, int rows, int[] starts, int[] indices, string sentence)
    {
        Assert.NotEmpty(what);
        var refusal = Assert.ThrowsAny<ArgumentException>(() => new CscMatrix(rows, columns, starts, indices, new float[indices.Length]));
        Assert.Contains(sentence, refusal.Message);
    }

    [Fact]
    public void Values_that_do_not_fit_the_places_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new CscMatrix(3, 1, [0, 1], [0], new float[2]));
        Assert.Throws<ArgumentException>(() => new CsrMatrix(1, 3, [0, 1], [0], new float[2]));
        Assert.Throws<ArgumentNullException>(() => new CsrMatrix(1, 3, [0, 1], [0], null!));
        Assert.Throws<ArgumentNullException>(() => new SparsePattern(1, 3, null!, [0]));
    }

    [Fact]
    public void Parts_cover_all_lists_once_and_share_the_entries()
    {
        var matrix = CsrMatrix.FromEntries(
            100, 50, Enumerable.Range(0, 50).SelectMany(c => Enumerable.Range(0, c).Select(r => (r, c, 1f))));
        var pattern = matrix.Pattern;
        foreach (var parts in new[] { 1, 2, 3, 7, 200 })
        {
            Assert.Equal((0, 100), (pattern.FirstList(0, parts), pattern.FirstList(parts, parts)));
            for (var part = 0; part < parts; part++)
            {
                var (begin, end) = (pattern.FirstList(part, parts), pattern.FirstList(part + 1, parts));
                Assert.InRange(end, begin, 100);
                // A part ends with the list that reaches its share, and no list has more than 50 entries.
                Assert.InRange(pattern.Starts[end] - pattern.Starts[begin] + end - begin, 0, (pattern.Entries + 100) / parts + 52);
            }
        }
    }
}
