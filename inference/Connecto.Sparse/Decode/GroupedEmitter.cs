using Connecto.Sparse.CodeGeneration;

namespace Connecto.Sparse.Decode;

/// <summary>Generates the loop that multiplies groups of rows of 4- or 3-bit weights with few vectors of bytes.</summary>
/// <remarks>
/// A slice's weights are moved to the top of their bytes, where two's complement makes them signed bytes 16 or 32 times
/// too large; a dot product sums four columns a lane, which becomes a float and is multiplied with the group's scale
/// into the row's sum. Per 64 weights some six operations of the two vector ports, about 3 cycles, while their 34 bytes
/// take 4 cycles out of the outer cache of an Ice Lake server core.
/// </remarks>
internal sealed class GroupedEmitter
{
    private const int Ahead = 2048, ScalesAhead = 512, Line = 64;
    private const int Top = 31, UpperHalf = 30, Turns = 29, Lowest = 28; // constants
    private const int Weights = 25, Field = 24, Scale = 23, ScaleSource = 22, FirstInput = 16, FirstDot = 19, Rotation = 3;

    private const Register Arguments = Register.Rdi, Scales = Register.Rdx, Values = Register.Rcx, X = Register.R8,
        Blocks = Register.Rsi, Sums = Register.R9, Groups = Register.R10, Constants = Register.Rax;

    private readonly Assembler code = new();
    private readonly GroupedShape shape;
    private int step;

    private GroupedEmitter(GroupedShape shape) => this.shape = shape;

    /// <summary>The code: void (DecodeArguments*), with scales for masks and blocks for words.</summary>
    public static byte[] Emit(GroupedShape shape)
    {
        var emitter = new GroupedEmitter(shape);
        emitter.Emit();
        return emitter.code.Code.ToArray();
    }

    /// <summary>What the code reads at the arguments' constants: masks of a byte's top and lowest used bits, of a word's
    /// upper half, and shifts that bring every second half up.</summary>
    public static int[] ConstantWords(GroupedShape shape)
    {
        var top = unchecked((int)(shape.Bits == 4 ? 0xF0F0F0F0 : 0xC0C0C0C0));
        return [.. Enumerable.Repeat(top, 16), .. Enumerable.Repeat(unchecked((int)0xFFFF0000), 16),
            .. Enumerable.Range(0, 16).Select(i => i % 2 == 0 ? 16 : 0), .. Enumerable.Repeat(0x20202020, 16)];
    }

    private void Emit()
    {
        code.Load(Constants, new At(Arguments, DecodeArguments.ConstantsAt));
        for (var i = 0; i < 4; i++) code.Load(Top - i, new At(Constants, i * Line));
        code.Load(Scales, new At(Arguments, DecodeArguments.MasksAt));
        code.Load(Values, new At(Arguments, DecodeArguments.ValuesAt));
        code.Load(Sums, new At(Arguments, DecodeArguments.SumsAt));
        code.Load(Groups, new At(Arguments, DecodeArguments.GroupsAt));
        code.Align(16);
        var group = code.Length;
        for (var sum = 0; sum < shape.Sums; sum++) code.Zero(sum);
        code.Load(X, new At(Arguments, DecodeArguments.XAt));
        code.Load(Blocks, new At(Arguments, DecodeArguments.WordsAt));
        code.Align(16);
        var block = code.Length;
        for (var row = 0; row < shape.Rows; row++)
        {
            for (var line = 0; line < shape.BlockBytes; line += Line) code.Prefetch(new At(Values, Ahead + row * shape.BlockBytes + line));
            EmitRow(row);
        }
        for (var line = 0; line < shape.Rows * shape.ScaleWords * 4; line += Line) code.Prefetch(new At(Scales, ScalesAhead + line));
        code.Add(Values, shape.Rows * shape.BlockBytes);
        code.Add(Scales, shape.Rows * shape.ScaleWords * sizeof(int));
        code.Add(X, shape.BlockColumns * shape.Batch);
        code.Decrement(Blocks);
        code.JumpIfNotZero(block);
        for (var sum = 0; sum < shape.Sums; sum++) code.Store(new At(Sums, sum * Line), sum);
        code.Add(Sums, shape.Sums * Line);
        code.Decrement(Groups);
        code.JumpIfNotZero(group);
        code.Return();
    }

    private void EmitRow(int row)
    {
        var (at, scalesAt) = (row * shape.BlockBytes, row * shape.ScaleWords * sizeof(int));
        if (shape.Bits == 4) code.Load(Weights, new At(Values, at));
        for (var slice = 0; slice < shape.Slices; slice++)
        {
            if (shape.Bits == 4) EmitFour(slice);
            else EmitThree(slice, at);
            EmitScale(slice, scalesAt);
            for (var n = 0; n < shape.Batch; n++, step++)
            {
                var (input, dot) = (FirstInput + step % Rotation, FirstDot + step % Rotation);
                code.Load(input, new At(X, (slice * shape.Batch + n) * GroupedShape.SliceColumns));
                code.Zero(dot);
                code.DotBytes(dot, input, Field);
                code.ToFloats(dot, dot);
                code.MultiplyAdd(row * shape.Batch + n, dot, Scale);
            }
        }
    }

    private void EmitFour(int slice)
    {
        if (slice == 0) code.ShiftLeft(Field, Weights, 4);
        code.And(Field, slice == 0 ? Field : Weights, Top);
    }

    // The upper two bits of slice s at the bits 2 (s mod 4) of their vector, the lowest at bit s of the third.
    private void EmitThree(int slice, int at)
    {
        if (slice % 4 == 0) code.Load(Weights, new At(Values, at + slice / 4 * Line));
        if (slice == 0) code.Load(Weights + 1, new At(Values, at + 2 * Line));
        var low = Weights + 2;
        if (slice <= 5) code.ShiftLeft(low, Weights + 1, 5 - slice);
        else code.ShiftRight(low, Weights + 1, slice - 5);
        code.And(low, low, Lowest);
        code.ShiftLeft(Field, Weights, 6 - slice % 4 * 2);
        code.AndOr(Field, low, Top);
    }

    private void EmitScale(int slice, int at)
    {
        if (shape.Group == 32)
        {
            code.Broadcast(Scale, new At(Scales, at + slice * sizeof(int)));
            code.ShiftLeftEach(Scale, Scale, Turns);
            code.And(Scale, Scale, UpperHalf);
            return;
        }
        if (slice % 2 == 0) code.Broadcast(ScaleSource, new At(Scales, at + slice / 2 * sizeof(int)));
        if (slice % 2 == 0) code.ShiftLeft(Scale, ScaleSource, 16);
        else code.And(Scale, ScaleSource, UpperHalf);
    }
}
