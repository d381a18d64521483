using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>Whether weights form no cycle, by taking away rows that depend on nothing left (Kahn 1962). Such a matrix is
/// nilpotent: its eigenvalues are all 0, which power iteration would take long to tell.</summary>
internal static class Acyclic
{
    public static bool Is(CsrMatrix matrix)
    {
        var outputs = matrix.Transpose();
        var waiting = new int[matrix.Rows];
        var ready = new Stack<int>();
        for (var row = 0; row < matrix.Rows; row++)
        {
            waiting[row] = matrix.RowStarts[row + 1] - matrix.RowStarts[row];
            if (waiting[row] == 0) ready.Push(row);
        }
        var taken = 0;
        for (; ready.TryPop(out var at); taken++)
            foreach (var next in outputs.ColumnIndices[outputs.RowStarts[at]..outputs.RowStarts[at + 1]])
                if (--waiting[next] == 0)
                    ready.Push(next);
        return taken == matrix.Rows;
    }
}
