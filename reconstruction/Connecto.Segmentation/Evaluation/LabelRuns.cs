using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>The rows of a label volume as runs of one label, background left out, with a union-find over the
/// runs.</summary>
internal sealed class LabelRuns
{
    private readonly record struct Run(int Begin, int End, ulong Label);

    private readonly int[] _rowStarts;
    private Run[] _runs = new Run[1024];
    private int[] _parents = [];
    private int _count;

    private LabelRuns(int rows) => _rowStarts = new int[rows + 1];

    public static LabelRuns Of(Volume<ulong> labels)
    {
        int rows = labels.Shape.Z * labels.Shape.Y, length = labels.Shape.X;
        var result = new LabelRuns(rows);
        for (var row = 0; row < rows; row++)
        {
            result.AddRow(labels.Data.AsSpan(row * length, length));
            result._rowStarts[row + 1] = result._count;
        }
        result._parents = new int[result._count];
        for (var i = 0; i < result._count; i++) result._parents[i] = i;
        return result;
    }

    /// <summary>Joins equal labels of two rows whose runs overlap when widened by the reach, 0 or 1 voxel.</summary>
    public void Join(int rowA, int rowB, int reach)
    {
        int a = _rowStarts[rowA], endA = _rowStarts[rowA + 1], b = _rowStarts[rowB], endB = _rowStarts[rowB + 1];
        while (a < endA && b < endB)
        {
            ref var runA = ref _runs[a];
            ref var runB = ref _runs[b];
            if (runA.Label == runB.Label && runA.Begin < runB.End + reach && runB.Begin < runA.End + reach) Unite(a, b);

            // The run that ends first touches nothing further on, but for a diagonal touch of the other one's
            // successor.
            if (runA.End < runB.End) a++;
            else if (runB.End < runA.End) b++;
            else
            {
                if (reach > 0)
                {
                    if (b + 1 < endB && _runs[b + 1].Label == runA.Label && _runs[b + 1].Begin == runA.End)
                        Unite(a, b + 1);
                    if (a + 1 < endA && _runs[a + 1].Label == runB.Label && _runs[a + 1].Begin == runB.End)
                        Unite(a + 1, b);
                }
                a++;
                b++;
            }
        }
    }

    /// <summary>Writes component numbers, 1..n in the order of first voxels; returns n.</summary>
    public long Number(Volume<ulong> components)
    {
        var numbers = new int[_count];
        var count = 0;
        for (var i = 0; i < _count; i++) numbers[i] = _parents[i] == i ? ++count : numbers[Root(i)];
        var length = components.Shape.X;
        for (var row = 0; row < _rowStarts.Length - 1; row++)
        {
            var to = components.Data.AsSpan(row * length, length);
            var at = 0;
            for (var i = _rowStarts[row]; i < _rowStarts[row + 1]; i++)
            {
                to[at.._runs[i].Begin].Clear();
                to[_runs[i].Begin.._runs[i].End].Fill((ulong)numbers[i]);
                at = _runs[i].End;
            }
            to[at..].Clear();
        }
        return count;
    }

    private void AddRow(ReadOnlySpan<ulong> row)
    {
        var x = 0;
        while (x < row.Length)
        {
            var label = row[x];
            var begin = x++;
            while (x < row.Length && row[x] == label) x++;
            if (label == 0) continue;
            if (_count == _runs.Length) Array.Resize(ref _runs, checked(_count * 2));
            _runs[_count++] = new(begin, x, label);
        }
    }

    private void Unite(int a, int b)
    {
        (a, b) = (Root(a), Root(b));
        if (a < b) _parents[b] = a;
        else _parents[a] = b;
    }

    private int Root(int at)
    {
        while (_parents[at] != at)
        {
            _parents[at] = _parents[_parents[at]];
            at = _parents[at];
        }
        return at;
    }
}
