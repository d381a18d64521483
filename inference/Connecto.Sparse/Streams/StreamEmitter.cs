using System.Diagnostics;
using Connecto.Sparse.CodeGeneration;

namespace Connecto.Sparse.Streams;

/// <summary>Where a stream reads and writes, in bytes.</summary>
/// <param name="Inputs">From the input pointer to each column's values, by column.</param>
/// <param name="InputStep">From one pass's input to the next's.</param>
/// <param name="Outputs">From the output pointer to each row, by row.</param>
/// <param name="Masked">True where a pass may have fewer columns than its vectors.</param>
internal sealed record StreamPlaces(int[] Inputs, int InputStep, int[] Outputs, bool Masked);

/// <summary>What a stream does with a non-zero and its input.</summary>
internal enum StreamArithmetic
{
    /// <summary>Floats, fused multiply-add.</summary>
    Float,

    /// <summary>The same, and max(sum, 0) at the end.</summary>
    FloatRectified,
}

/// <summary>Writes straight-line code for the non-zeros of a matrix.</summary>
/// <remarks>
/// A group of output rows has its sums in registers, Rows x Vectors of them. The code goes through the group's columns
/// in ascending order: it loads a column's input once for all rows that use it, then does one multiply-add a non-zero
/// and vector. No index is read and no branch taken, and the weights are one sequential stream; so work follows the
/// non-zeros alone. A matrix as code is the idea of LIBXSMM's sparse kernels (A. Heinecke et al., SC 2016).
/// Pointers are moved on every few kB, so that nearly all displacements take one byte. Each output is one chain of
/// fused multiply-adds, bias first, columns ascending: the same bits for every cut into groups, tiles and threads. Given
/// up: rows are not clustered by shared columns, and the code holds for one number of columns.
/// </remarks>
internal sealed class StreamEmitter(CsrMatrix matrix, StreamShape shape, StreamArithmetic arithmetic)
{
    private const Register Arguments = Register.R11, Input = Register.Rax, Weights = Register.Rcx, Output = Register.Rdx,
        Partials = Register.R8, Bias = Register.R9, Passes = Register.R10;

    private const int FarAway = 1 << 16; // such a place is reached in one long step, and the next may lie elsewhere

    private readonly int[] next = matrix.RowStarts[..matrix.Rows].ToArray();
    private readonly List<float> values = new(matrix.NonZeros + 64);

    /// <summary>The code.</summary>
    public Assembler Code { get; } = new();

    /// <summary>The weights in the order of use; four more may be read behind the last.</summary>
    public IReadOnlyList<float> Values => values;

    /// <summary>Number of groups of rows.</summary>
    public int Groups => (matrix.Rows + shape.Rows - 1) / shape.Rows;

    /// <summary>Writes a function for some groups and one tile of columns. Tiles of a row must come in ascending
    /// order.</summary>
    /// <param name="places">Where the tile's data lie.</param>
    /// <param name="groups">The groups, in order.</param>
    /// <param name="begin">First column; 0 starts the sums at the bias.</param>
    /// <param name="end">Behind the last column; the matrix's last one ends the sums.</param>
    /// <param name="partialPasses">Passes for which there is room between tiles.</param>
    /// <returns>The place of the function in the code.</returns>
    public int EmitTile(StreamPlaces places, Range groups, int begin, int end, int partialPasses)
    {
        Code.Align(64);
        var entry = Code.Length;
        Code.Move(Arguments, Register.Rdi);
        Code.Load(Weights, new At(Arguments, StreamArguments.WeightsAt));
        Code.Load(Bias, new At(Arguments, StreamArguments.BiasAt));
        if (places.Masked)
            for (var v = 0; v < shape.Vectors; v++)
                Code.LoadMask(v + 1, new At(Arguments, StreamArguments.MaskAt + 2 * v));
        var (first, count) = groups.GetOffsetAndLength(Groups);
        for (var group = first; group < first + count; group++)
            EmitGroup(places, group, begin, end, group * partialPasses * shape.Rows * shape.Vectors * 64);
        Code.Return();
        return entry;
    }

    private void EmitGroup(StreamPlaces places, int group, int begin, int end, int partialsAt)
    {
        var first = group * shape.Rows;
        var rows = Math.Min(shape.Rows, matrix.Rows - first);
        var (starts, ends) = (begin == 0, end == matrix.Columns);
        Code.Load(Input, new At(Arguments, StreamArguments.InputAt));
        Code.Load(Output, new At(Arguments, StreamArguments.OutputAt));
        Code.Load(Partials, new At(Arguments, StreamArguments.PartialsAt));
        Code.Add(Partials, partialsAt);
        Code.Load(Passes, new At(Arguments, StreamArguments.PassesAt));
        Code.Align(16);

        var loop = Code.Length;
        for (var r = 0; r < rows; r++)
            for (var v = 0; v < shape.Vectors; v++)
                if (!starts) Code.Load(Sum(r, v), new At(Partials, Sum(r, v) * 64));
                else if (v == 0) Code.Broadcast(Sum(r, 0), new At(Bias, (first + r) * 4));
                else Code.Copy(Sum(r, v), Sum(r, 0));
        var (inputMoved, weightsMoved, weights) = EmitNonZeros(places, first, rows, begin, end);
        if (ends && arithmetic == StreamArithmetic.FloatRectified)
        {
            Code.Zero(InputRegister(0));
            for (var i = 0; i < rows * shape.Vectors; i++) Code.Max(i, InputRegister(0), i);
        }
        for (var r = 0; r < rows; r++)
            for (var v = 0; v < shape.Vectors; v++)
                if (ends) Code.Store(new At(Output, places.Outputs[first + r] + v * 64), Sum(r, v), places.Masked ? v + 1 : 0);
                else Code.Store(new At(Partials, Sum(r, v) * 64), Sum(r, v));

        Code.Add(Input, places.InputStep - inputMoved);
        Code.Add(Weights, -weightsMoved);
        Code.Add(Output, shape.Columns * 4);
        Code.Add(Partials, shape.Rows * shape.Vectors * 64);
        Code.Decrement(Passes);
        Code.JumpIfNotZero(loop);
        Code.Add(Weights, weights);
    }

    /// <summary>The heart: every non-zero of some rows and columns. Returns how far the two pointers were moved, and the
    /// bytes of weights.</summary>
    private (int InputMoved, int WeightsMoved, int WeightBytes) EmitNonZeros(
        StreamPlaces places, int first, int rows, int begin, int end)
    {
        int inputMoved = 0, weightsMoved = 0, count = 0;
        Span<int> users = stackalloc int[StreamShape.Sums];
        for (var column = begin; column < end; column++)
        {
            var used = 0;
            for (var r = 0; r < rows; r++)
                if (next[first + r] < matrix.RowStarts[first + r + 1] && matrix.ColumnIndices[next[first + r]] == column)
                    users[used++] = r;
            if (used == 0) continue;

            var place = places.Inputs[column] - inputMoved;
            if (place % 64 == 0 && place + (shape.Vectors - 1) * 64 is > 127 * 64 and < FarAway)
            {
                // This input becomes the lowest that one byte reaches, as columns ascend.
                Code.Add(Input, place + 128 * 64);
                inputMoved += place + 128 * 64;
                place = -128 * 64;
            }
            // With one user the input is better an operand of its multiply-adds than a load.
            var direct = shape.Vectors > 1 && used == 1;
            if (!direct)
                for (var v = 0; v < shape.Vectors; v++) Code.Load(InputRegister(v), new At(Input, place + v * 64));
            for (var i = 0; i < used; i++, count++)
            {
                if ((count & 3) == 0 && count * 4 - weightsMoved > 124 * 4)
                {
                    Code.Add(Weights, count * 4 + 512 - weightsMoved);
                    weightsMoved = count * 4 + 512;
                }
                values.Add(matrix.Values[next[first + users[i]]++]);
                EmitNonZero(users[i], count, new At(Weights, count * 4 - weightsMoved), direct, new At(Input, place));
            }
        }
        for (; (count & 3) != 0; count++) values.Add(0); // groups of four begin anew
        return (inputMoved, weightsMoved, count * 4);
    }

    private void EmitNonZero(int row, int count, At weight, bool direct, At input)
    {
        if (shape.Vectors == 1)
        {
            Code.MultiplyAddBroadcast(Sum(row, 0), InputRegister(0), weight);
            return;
        }
        var (single, four) = (InputRegister(shape.Vectors), InputRegister(shape.Vectors) + 1);
        Debug.Assert(four < 32, "Out of registers.");
        var quad = count >> 2;
        if ((quad + 1) * shape.Spread / 8 > quad * shape.Spread / 8)
        {
            if ((count & 3) == 0) Code.BroadcastFour(four, weight);
            Code.Spread(single, four, count & 3);
        }
        else Code.Broadcast(single, weight);
        for (var v = 0; v < shape.Vectors; v++)
            if (direct) Code.MultiplyAdd(Sum(row, v), single, new At(input.Base, input.Displacement + v * 64));
            else Code.MultiplyAdd(Sum(row, v), single, InputRegister(v));
    }

    private int Sum(int row, int vector) => row * shape.Vectors + vector;

    private int InputRegister(int vector) => StreamShape.Sums + vector;
}
