using Connecto.Sparse.Planes;

namespace Connecto.Sparse;

/// <summary>What a plan's step reads and writes by rows, which is all that an order of bands needs to know.</summary>
/// <param name="Output">The value written; -1 for the copy out.</param>
/// <param name="Inputs">Values with planes of their own that it reads.</param>
/// <param name="Rows">Rows that it writes.</param>
/// <param name="Floats">Floats a plane that it writes.</param>
/// <param name="RowBytes">Bytes of a row over all channels that it writes.</param>
/// <param name="Needs">For the first rows of what it writes, the first rows of what it reads.</param>
internal sealed record BandLayout(int Output, int[] Inputs, int Rows, int Floats, long RowBytes, Func<int, int> Needs)
{
    /// <summary>All steps in order, from the copy in to the copy out.</summary>
    public static BandLayout[] Of(PlaneProgram program, PlaneGeometry geometry)
    {
        var first = geometry.LayoutOf(program.Input);
        var last = geometry.LayoutOf(program.Output);
        return
        [
            new(program.Input, [], first.Rows, first.Length, Bytes(program.Input), rows => rows),
            .. program.Operations.Select(op =>
            {
                var (from, to) = (geometry.LayoutOf(op.Inputs[0]), geometry.LayoutOf(op.Output));
                return new BandLayout(
                    op.Output, [.. op.Inputs.SelectMany(program.Owners).Distinct()], to.Rows, to.Length, Bytes(op.Output),
                    rows => rows == 0 ? 0 : Math.Min(from.Rows, Reads(op, from, to, rows)));
            }),
            new(-1, [.. program.Owners(program.Output).Distinct()], last.Rows, last.Length, 0, rows => rows),
        ];

        long Bytes(int value) => (long)program.Values[value].Channels * geometry.LayoutOf(value).Pitch * sizeof(float);
    }

    private static int Reads(PlaneOp op, PlaneLayout from, PlaneLayout to, int rows)
    {
        switch (op.Operation)
        {
            case PlaneOperation.Convolve:
                var ahead = op.Convolution!.Ahead;
                return rows + Math.Max(0, ahead.Depth * from.SectionRows + ahead.Height);
            case PlaneOperation.GlobalPool:
                return from.Rows;
            case PlaneOperation.Phases or PlaneOperation.MaxPool or PlaneOperation.AveragePool:
                return to.Depth == 1 && from.Depth == 1
                    ? rows * op.Node.Stride : (rows / to.SectionRows + 1) * op.Node.DepthStride * from.SectionRows;
            case PlaneOperation.Upsample when to.Depth == 1:
                return (rows + op.Node.Stride - 1) / op.Node.Stride;
            case PlaneOperation.Bilinear when to.Depth == 1:
                return BilinearStep.Place(rows - 1, op.Node.Stride, from.Height).Second + 1;
            case PlaneOperation.Upsample or PlaneOperation.Bilinear:
                return (rows / to.SectionRows / op.Node.DepthStride + 1) * from.SectionRows;
            default:
                return rows;
        }
    }
}
