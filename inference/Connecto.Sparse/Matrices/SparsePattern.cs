using System.Diagnostics.CodeAnalysis;

namespace Connecto.Sparse;

/// <summary>Where a sparse matrix has entries: lists (rows or columns) of strictly ascending indices, one after the
/// other.</summary>
/// <remarks>
/// The one place that proves what every compressed format rests on. List l holds the entries Starts[l] to
/// Starts[l + 1] - 1; the starts run from 0 to the number of entries and never fall; the indices of a list ascend
/// strictly within [0, Extent). So a kernel may read without checks. Immutable, and safe from several threads.
/// </remarks>
public sealed class SparsePattern
{
    private readonly int[] starts;
    private readonly int[] indices;

    /// <summary>Takes both arrays over without a copy; the caller must not change them afterwards.</summary>
    /// <param name="lists">Number of lists, 0 or more.</param>
    /// <param name="extent">Number of places a list has, 0 or more.</param>
    /// <param name="starts">lists + 1 places, from 0 to the number of entries, never falling.</param>
    /// <param name="indices">The place of every entry, in [0, extent), strictly ascending within a list.</param>
    /// <exception cref="ArgumentException">Any of these does not hold; the message names the first list that is
    /// wrong.</exception>
    /// <remarks>O(lists + entries).</remarks>
    public SparsePattern(int lists, int extent, int[] starts, int[] indices) : this(lists, extent, starts, indices, "list", "index") { }

    // The last two are what the messages call a list and a place in it: "row" and "column".
    internal SparsePattern(int lists, int extent, int[] starts, int[] indices, string list, string index)
    {
        if (lists < 0 || extent < 0) Negative(lists, extent, list, index);
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(indices);
        if (starts.Length != lists + 1L) StartsMissing(lists, starts.Length, list);
        if (starts[0] != 0 || starts[lists] != indices.Length) EndsWrong(starts[0], starts[lists], indices.Length, list);
        // All starts first: only a monotone list between 0 and the length makes the index loop below safe.
        for (var l = 0; l < lists; l++)
            if (starts[l] > starts[l + 1]) StartsFall(l, starts[l], starts[l + 1], list);
        for (var l = 0; l < lists; l++)
        {
            var last = -1;
            foreach (var place in indices.AsSpan(starts[l], starts[l + 1] - starts[l]))
            {
                if (place <= last || place >= extent) IndexWrong(l, place, last, extent, list, index);
                last = place;
            }
        }
        (Lists, Extent, this.starts, this.indices) = (lists, extent, starts, indices);
    }

    /// <summary>Number of lists.</summary>
    public int Lists { get; }

    /// <summary>Number of places a list has.</summary>
    public int Extent { get; }

    /// <summary>Number of entries.</summary>
    public int Entries => indices.Length;

    /// <summary>Share of the places that hold an entry, 0 to 1; 0 where there is no place.</summary>
    public double Density => Lists == 0 || Extent == 0 ? 0 : (double)Entries / ((double)Lists * Extent);

    /// <summary>Where each list begins; Lists + 1 places.</summary>
    public ReadOnlySpan<int> Starts => starts;

    /// <summary>The place of every entry in its list.</summary>
    public ReadOnlySpan<int> Indices => indices;

    /// <summary>The pattern by the other axis: a list for every place, with the numbers of the lists that have
    /// it.</summary>
    /// <param name="places">Where every entry of this pattern lies in the result.</param>
    /// <remarks>O(lists + extent + entries): entries are counted, then placed.</remarks>
    internal SparsePattern Transpose(out int[] places)
    {
        var ends = new int[Extent + 1];
        foreach (var place in indices) ends[place + 1]++;
        for (var i = 0; i < Extent; i++) ends[i + 1] += ends[i];

        places = new int[Entries];
        var numbers = new int[Entries];
        // Until the loop is done, ends[i] is where list i's next entry goes; afterwards it is the list's end.
        for (var list = 0; list < Lists; list++)
            for (var i = starts[list]; i < starts[list + 1]; i++)
            {
                var to = places[i] = ends[indices[i]]++;
                numbers[to] = list;
            }
        ends.AsSpan(0, Extent).CopyTo(ends.AsSpan(1));
        ends[0] = 0;
        return new SparsePattern(Extent, Lists, ends, numbers);
    }

    /// <summary>The first list of a part, where lists are cut so that entries and lists together are shared
    /// evenly.</summary>
    /// <param name="part">The part's number, 0 to <paramref name="parts"/>; the latter gives
    /// <see cref="Lists"/>.</param>
    /// <param name="parts">Number of parts.</param>
    internal int FirstList(int part, int parts)
    {
        var target = ((long)Entries + Lists) * part / parts;
        var (low, high) = (0, Lists);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (starts[middle] + (long)middle < target) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    [DoesNotReturn]
    private static void Negative(int lists, int extent, string list, string index) =>
        throw new ArgumentOutOfRangeException(
            nameof(lists), $"A matrix has 0 or more {list}s and {index}s; found {lists} and {extent}.");

    [DoesNotReturn]
    private static void StartsMissing(int lists, int found, string list) =>
        throw new ArgumentException($"{lists} {list}s need {lists + 1L} {list} starts; found {found}.", nameof(starts));

    [DoesNotReturn]
    private static void EndsWrong(int first, int last, int entries, string list) => throw new ArgumentException(
        $"{Capital(list)} starts must run from 0 to {entries}, the number of entries; found {first} to {last}.", nameof(starts));

    [DoesNotReturn]
    private static void StartsFall(int at, int start, int next, string list) => throw new ArgumentException(
        $"{Capital(list)} {at} starts at {start}, after the next {list}'s {next}.", nameof(starts));

    [DoesNotReturn]
    private static void IndexWrong(int at, int found, int last, int extent, string list, string index) =>
        throw new ArgumentException(
            $"{Capital(list)} {at} has {index} {found} after {last}; {index}s must ascend strictly below {extent}.", nameof(indices));

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
