namespace Connecto.Graph;

/// <summary>Patterns with * and ?, matched over the whole text. A star first stands for nothing and takes one more
/// character each time what follows it fails; going back to the last star is enough, so it is at worst O(text * pattern).</summary>
internal static class NamePattern
{
    public static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, taken = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*') (star, taken) = (p++, t);
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t])) (p, t) = (p + 1, t + 1);
            else if (star >= 0) (p, t) = (star + 1, ++taken);
            else return false;
        }
        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }
}
