using Connecto.Sparse.CodeGeneration;

namespace Connecto.Sparse.Decode;

/// <summary>Generates the loop that multiplies groups of rows with few vectors.</summary>
/// <remarks>
/// The code depends on the format and the number of vectors, not on the matrix. Bits and values are two sequential
/// streams, [group][word][row], read a fixed distance ahead. A step loads a vector of packed values, expands it by the
/// bits to the places of its columns, and multiplies it with the inputs, which stay in registers for all rows of the
/// group; the number of set bits moves the stream on, so that no step waits for another's data. An expansion is two
/// operations of the port that also loads masks: 3 cycles for 64 columns on an Ice Lake server core, whatever the
/// density.
/// </remarks>
internal sealed class DecodeEmitter
{
    private const int ValuesAhead = 2048, MasksAhead = 1024, Line = 64;
    private const int FirstWeight = 30, Weights = 2, UpperHalf = 29, FirstMask = 1, Masks = 7;

    private const Register Arguments = Register.Rdi, MaskPlace = Register.Rdx, Values = Register.Rcx, X = Register.R8,
        Words = Register.Rsi, Sums = Register.R9, Groups = Register.R10;

    private static readonly Register[] Counts = [Register.Rax, Register.R11];

    private readonly Assembler code = new();
    private readonly DecodeShape shape;
    private readonly int inputStride, lines;
    private int step;

    private DecodeEmitter(DecodeShape shape, double density)
    {
        this.shape = shape;
        inputStride = DecodeShape.WordColumns * shape.InputBytes;
        // A quarter more than are used on average: what is asked for twice costs little, what comes late much.
        var bytes = shape.Rows * DecodeShape.WordColumns * shape.ValueBytes * (shape.Format == DecodeFormat.DenseBytes ? 1 : density);
        lines = Math.Max(1, (int)Math.Ceiling(1.25 * bytes / Line));
    }

    /// <summary>The code: void (DecodeArguments*).</summary>
    /// <param name="shape">Format and vectors.</param>
    /// <param name="density">Share of entries, for the distance of reading ahead only.</param>
    public static byte[] Emit(DecodeShape shape, double density)
    {
        var emitter = new DecodeEmitter(shape, density);
        emitter.Emit();
        return emitter.code.Code.ToArray();
    }

    private void Emit()
    {
        code.Load(MaskPlace, new At(Arguments, DecodeArguments.MasksAt));
        code.Load(Values, new At(Arguments, DecodeArguments.ValuesAt));
        code.Load(Sums, new At(Arguments, DecodeArguments.SumsAt));
        code.Load(Groups, new At(Arguments, DecodeArguments.GroupsAt));
        if (shape.Format == DecodeFormat.MaskedHalves)
        {
            code.Ones(UpperHalf);
            code.ShiftLeft(UpperHalf, UpperHalf, 16);
        }
        code.Align(16);
        var group = code.Length;
        for (var sum = 0; sum < shape.Sums; sum++) code.Zero(sum);
        code.Load(X, new At(Arguments, DecodeArguments.XAt));
        code.Load(Words, new At(Arguments, DecodeArguments.WordsAt));
        code.Align(16);
        var word = code.Length;
        EmitWord();
        code.Decrement(Words);
        code.JumpIfNotZero(word);
        for (var sum = 0; sum < shape.Sums; sum++) code.Store(new At(Sums, sum * Line), sum);
        code.Add(Sums, shape.Sums * Line);
        code.Decrement(Groups);
        code.JumpIfNotZero(group);
        code.Return();
    }

    private void EmitWord()
    {
        for (var line = 0; line < lines; line++) code.Prefetch(new At(Values, ValuesAhead + line * Line));
        if (shape.Format != DecodeFormat.DenseBytes) code.Prefetch(new At(MaskPlace, MasksAhead));
        for (var column = 0; column < DecodeShape.WordColumns; column += shape.StepColumns)
            switch (shape.Format)
            {
                case DecodeFormat.MaskedBytes: EmitBytes(); break;
                case DecodeFormat.DenseBytes: EmitDense(); break;
                case DecodeFormat.MaskedHalves: EmitHalves(column); break;
                default: EmitFloats(column); break;
            }
        if (shape.Format == DecodeFormat.DenseBytes) code.Add(Values, shape.Rows * Line);
        else code.Add(MaskPlace, shape.Rows * sizeof(ulong));
        code.Add(X, shape.Batch * inputStride);
    }

    private void EmitBytes()
    {
        LoadInputs(0);
        for (var row = 0; row < shape.Rows; row++, step++)
        {
            var (weight, mask, count) = (Weight, Mask, Count);
            var bits = new At(MaskPlace, row * sizeof(ulong));
            code.LoadMask64(mask, bits);
            code.Load(weight, new At(Values));
            code.PopCount(count, bits);
            code.ExpandBytes(weight, weight, mask);
            code.Add(Values, count);
            for (var n = 0; n < shape.Batch; n++) code.DotBytes(Sum(row, n), Input(n), weight);
        }
    }

    private void EmitDense()
    {
        LoadInputs(0);
        for (var row = 0; row < shape.Rows; row++, step++)
        {
            code.Load(Weight, new At(Values, row * Line));
            for (var n = 0; n < shape.Batch; n++) code.DotBytes(Sum(row, n), Input(n), Weight);
        }
    }

    private void EmitFloats(int column)
    {
        LoadInputs(column * sizeof(float));
        for (var row = 0; row < shape.Rows; row++, step++)
        {
            var (weight, mask, count) = (Weight, Mask, Count);
            var bits = new At(MaskPlace, row * sizeof(ulong) + column / 8);
            code.LoadMask(mask, bits);
            code.LoadWord(count, bits);
            code.Load(weight, new At(Values));
            code.PopCount(count, count);
            code.ExpandFloats(weight, weight, mask);
            code.AddScaled(Values, count, sizeof(float));
            // Masked, so that an input without an entry is not multiplied: it may be NaN.
            for (var n = 0; n < shape.Batch; n++) code.MultiplyAdd(Sum(row, n), Input(n), weight, mask);
        }
    }

    // A pair of 16-bit floats is one lane: its even one is shifted up, its odd one is left when the lower half is
    // cleared. The inputs lie accordingly, 16 even columns and then 16 odd ones.
    private void EmitHalves(int column)
    {
        for (var row = 0; row < shape.Rows; row++, step++)
        {
            var (weight, mask, count) = (UpperHalf - 1, Mask, Count);
            var bits = new At(MaskPlace, row * sizeof(ulong) + column / 8);
            code.LoadMask32(mask, bits);
            code.LoadDouble(count, bits);
            code.Load(weight, new At(Values));
            code.PopCount(count, count);
            code.ExpandWords(weight, weight, mask);
            code.AddScaled(Values, count, sizeof(ushort));
            code.ShiftLeft(FirstWeight, weight, 16);
            code.And(FirstWeight + 1, weight, UpperHalf);
            for (var n = 0; n < shape.Batch; n++)
            {
                var at = n * inputStride + column * sizeof(float);
                code.MultiplyAdd(Sum(row, n), FirstWeight, new At(X, at));
                code.MultiplyAdd(Sum(row, n), FirstWeight + 1, new At(X, at + Line));
            }
        }
    }

    private void LoadInputs(int at)
    {
        for (var n = 0; n < shape.Batch; n++) code.Load(Input(n), new At(X, n * inputStride + at));
    }

    private int Weight => FirstWeight + step % Weights;

    private int Mask => FirstMask + step % Masks;

    private Register Count => Counts[step % Counts.Length];

    private int Sum(int row, int vector) => row * shape.Batch + vector;

    private int Input(int vector) => shape.Sums + vector;
}
