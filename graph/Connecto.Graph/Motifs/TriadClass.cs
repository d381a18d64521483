namespace Connecto.Graph;

/// <summary>The 16 kinds of three neurons, by their number of mutual, asymmetric and null dyads; then Down, Up, Cyclic or
/// Transitive (Holland and Leinhardt 1970). In the order that the field lists them.</summary>
public enum TriadClass
{
    /// <summary>003: no edge.</summary>
    Empty,

    /// <summary>012: a to b.</summary>
    Single,

    /// <summary>102: a and b mutually.</summary>
    Pair,

    /// <summary>021D: a to b and to c: divergence.</summary>
    Divergent,

    /// <summary>021U: a and b to c: convergence.</summary>
    Convergent,

    /// <summary>021C: a to b to c: a chain.</summary>
    Chain,

    /// <summary>111D: a and b mutually, c to b.</summary>
    PairReceiving,

    /// <summary>111U: a and b mutually, b to c.</summary>
    PairSending,

    /// <summary>030T: a to b to c and a to c: the feed-forward loop.</summary>
    FeedForward,

    /// <summary>030C: a to b to c to a: the cycle.</summary>
    Cycle,

    /// <summary>201: a and b, b and c mutually.</summary>
    TwoPairs,

    /// <summary>120D: a and c mutually, b to both.</summary>
    PairDriven,

    /// <summary>120U: a and c mutually, both to b.</summary>
    PairDriving,

    /// <summary>120C: a and c mutually, a to b to c.</summary>
    PairChained,

    /// <summary>210: all but one of the six edges.</summary>
    AllButOne,

    /// <summary>300: all six edges.</summary>
    Complete,
}

/// <summary>Which kind three neurons a, b and c are, from their dyads.</summary>
internal static class TriadClasses
{
    public const int Count = 16;

    /// <summary>The field's labels, in order.</summary>
    public static string[] Labels { get; } =
    [
        "003", "012", "102", "021D", "021U", "021C", "111D", "111U", "030T", "030C", "201", "120D", "120U", "120C", "210", "300",
    ];

    /// <param name="ab">How a sees b: 0, <see cref="DyadRows.Out"/>, <see cref="DyadRows.In"/> or <see cref="DyadRows.Mutual"/>.</param>
    /// <param name="ac">How a sees c.</param>
    /// <param name="bc">How b sees c.</param>
    public static TriadClass Of(int ab, int ac, int bc)
    {
        int mutual = 0, asymmetric = 0;
        foreach (var dyad in (ReadOnlySpan<int>)[ab, ac, bc])
        {
            if (dyad == DyadRows.Mutual) mutual++;
            else if (dyad != 0) asymmetric++;
        }
        Span<int> sends = stackalloc int[3], gets = stackalloc int[3];
        Tally(ab, ref sends[0], ref sends[1], ref gets[0], ref gets[1]);
        Tally(ac, ref sends[0], ref sends[2], ref gets[0], ref gets[2]);
        Tally(bc, ref sends[1], ref sends[2], ref gets[1], ref gets[2]);
        int mostSent = Math.Max(sends[0], Math.Max(sends[1], sends[2])), mostGot = Math.Max(gets[0], Math.Max(gets[1], gets[2]));
        return (mutual, asymmetric) switch
        {
            (0, 0) => TriadClass.Empty,
            (0, 1) => TriadClass.Single,
            (1, 0) => TriadClass.Pair,
            (0, 2) => mostSent == 2 ? TriadClass.Divergent : mostGot == 2 ? TriadClass.Convergent : TriadClass.Chain,
            (1, 1) => mostGot == 2 ? TriadClass.PairReceiving : TriadClass.PairSending,
            (0, 3) => mostSent == 2 ? TriadClass.FeedForward : TriadClass.Cycle,
            (2, 0) => TriadClass.TwoPairs,
            (1, 2) => IsChain(sends, gets) ? TriadClass.PairChained
                : LoneSends(sends, gets) ? TriadClass.PairDriven : TriadClass.PairDriving,
            (2, 1) => TriadClass.AllButOne,
            _ => TriadClass.Complete,
        };
    }

    private static void Tally(int dyad, ref int sendsA, ref int sendsB, ref int getsA, ref int getsB)
    {
        if ((dyad & DyadRows.Out) != 0) (sendsA, getsB) = (sendsA + 1, getsB + 1);
        if ((dyad & DyadRows.In) != 0) (sendsB, getsA) = (sendsB + 1, getsA + 1);
    }

    // The neuron outside the pair has two edges in all; in a chain one each way.
    private static bool IsChain(Span<int> sends, Span<int> gets)
    {
        for (var i = 0; i < 3; i++)
            if (sends[i] == 1 && gets[i] == 1)
                return true;
        return false;
    }

    private static bool LoneSends(Span<int> sends, Span<int> gets)
    {
        for (var i = 0; i < 3; i++)
            if (sends[i] == 2 && gets[i] == 0)
                return true;
        return false;
    }
}
