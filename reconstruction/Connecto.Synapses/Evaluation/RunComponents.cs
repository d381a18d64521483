using System.Runtime.InteropServices;

namespace Connecto.Synapses;

/// <summary>Numbers the 26-connected components of runs.</summary>
/// <remarks>Two runs touch when their rows are neighbours (in the section or the one below, corners too) and their columns
/// overlap or meet at a corner. Rows are walked in step, so the cost is linear in the runs, and a union-find joins
/// them.</remarks>
internal static class RunComponents
{
    /// <summary>The same runs, each with its component, 1..n in the order of first runs, for id.</summary>
    /// <param name="runs">Ascending by z, y, x; only runs of one id join.</param>
    public static List<CleftRun> Number(List<CleftRun> runs)
    {
        var parents = new int[runs.Count];
        for (var i = 0; i < parents.Length; i++) parents[i] = i;
        foreach (var (z, y) in (ReadOnlySpan<(int, int)>)[(0, -1), (-1, -1), (-1, 0), (-1, 1)])
            JoinRows(runs, parents, z, y);

        var numbers = new ulong[runs.Count];
        var count = 0UL;
        var result = new List<CleftRun>(runs.Count);
        for (var i = 0; i < parents.Length; i++)
        {
            var root = Root(parents, i);
            if (numbers[root] == 0) numbers[root] = ++count;
            result.Add(runs[i] with { Id = numbers[root] });
        }
        return result;
    }

    /// <summary>Joins the runs of every row to those of the row that lies a step away, before it.</summary>
    private static void JoinRows(List<CleftRun> list, int[] parents, int stepZ, int stepY)
    {
        var runs = CollectionsMarshal.AsSpan(list);
        var before = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            var run = runs[i];
            var row = (run.Z + stepZ, run.Y + stepY);
            while (before < i && ((runs[before].Z, runs[before].Y).CompareTo(row) is var order && order < 0
                || (order == 0 && runs[before].End < run.Begin)))
                before++;
            for (var j = before; j < i && (runs[j].Z, runs[j].Y) == row && runs[j].Begin <= run.End; j++)
                if (runs[j].Id == run.Id)
                    Unite(parents, i, j);
        }
    }

    private static void Unite(int[] parents, int a, int b)
    {
        (a, b) = (Root(parents, a), Root(parents, b));
        parents[Math.Max(a, b)] = Math.Min(a, b);
    }

    private static int Root(int[] parents, int at)
    {
        while (parents[at] != at) at = parents[at] = parents[parents[at]];
        return at;
    }
}
