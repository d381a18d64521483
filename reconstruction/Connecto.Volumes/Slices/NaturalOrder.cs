namespace Connecto.Volumes.Slices;

/// <summary>Orders names as people number them: runs of digits compare as numbers, so z9 comes before z10.</summary>
/// <remarks>Letters compare by their code, so the order is the same on every machine. Names that differ only in leading
/// zeros fall back to plain order; the order is total.</remarks>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? a, string? b)
    {
        if (a is null || b is null) return string.CompareOrdinal(a, b);
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                var left = TakeNumber(a, ref i);
                var right = TakeNumber(b, ref j);
                var order = left.Length != right.Length ? left.Length - right.Length : left.SequenceCompareTo(right);
                if (order != 0) return order;
            }
            else
            {
                if (a[i] != b[j]) return a[i] - b[j];
                i++;
                j++;
            }
        }
        var rest = (a.Length - i) - (b.Length - j);
        return rest != 0 ? rest : string.CompareOrdinal(a, b);
    }

    /// <summary>The digits from a place on, without leading zeros; the place moves behind them.</summary>
    private static ReadOnlySpan<char> TakeNumber(string text, ref int at)
    {
        while (at < text.Length && text[at] == '0') at++;
        var start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return text.AsSpan(start, at - start);
    }
}
