using Connecto.Sparse.CodeGeneration;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planning;

/// <summary>What generated code does a nanosecond; all 0 where none can be made.</summary>
/// <param name="MultiplyAdds">Multiply-adds of 16 floats in registers.</param>
/// <param name="Loads">Loads of 16 floats.</param>
/// <param name="BroadcastMultiplyAdds">Multiply-adds of 16 floats with an operand broadcast from memory.</param>
/// <param name="ByteDots">Dot products of bytes, 16 lanes, with an operand broadcast from memory.</param>
/// <param name="First">Bytes of straight-line code out of the first-level cache.</param>
/// <param name="Second">Bytes of straight-line code out of the second level.</param>
/// <param name="Third">Bytes of straight-line code from beyond.</param>
/// <remarks>How fast code comes depends on the cache it lies in and not on what it does, so that is measured with
/// additions of 7 bytes to registers, of which a core does at least three a cycle.</remarks>
internal sealed unsafe record CodeProbe(
    double MultiplyAdds, double Loads, double BroadcastMultiplyAdds, double ByteDots, double First, double Second, double Third)
{
    private const int Sums = 24, Unrolled = 4, Rounds = 200;

    private static readonly Register[] Scratch =
        [Register.Rax, Register.Rcx, Register.Rdx, Register.Rsi, Register.R8, Register.R9, Register.R10, Register.R11];

    public static CodeProbe Measure(CacheSizes caches)
    {
        if (StreamSupport.MachineObstacle is not null) return new CodeProbe(0, 0, 0, 0, 0, 0, 0);
        return new CodeProbe(
            Operations((code, i) => code.MultiplyAdd(i % Sums, Sums, Sums)),
            Operations((code, i) => code.Load(i % Sums, new At(Register.Rdi, i % 4 * 64))),
            Operations((code, i) => code.MultiplyAddBroadcast(i % Sums, Sums, new At(Register.Rdi, i % 32 * 4))),
            StreamSupport.BytesObstacle is null
                ? Operations((code, i) => code.DotBytesBroadcast(i % Sums, Sums, new At(Register.Rdi, i % 32 * 4))) : 0,
            Bytes(caches.Code / 2, 12), Bytes(caches.Second / 3, 6), Bytes(Math.Min(2 * caches.Second, 8 << 20), 4));
    }

    private static double Operations(Action<Assembler, int> emit)
    {
        var code = new Assembler();
        code.Move(Register.Rcx, Register.Rsi);
        for (var i = 0; i <= Sums; i++) code.Zero(i);
        var loop = code.Length;
        for (var i = 0; i < Unrolled * Sums; i++) emit(code, i);
        code.Decrement(Register.Rcx);
        code.JumpIfNotZero(loop);
        code.Return();
        return Unrolled * Sums * Rounds / BestNs(code, 12);
    }

    private static double Bytes(long size, int turns)
    {
        var code = new Assembler();
        for (var i = 0; code.Length < size; i++) code.Add(Scratch[i % Scratch.Length], 0x12345678);
        code.Return();
        return code.Length / BestNs(code, turns);
    }

    private static double BestNs(Assembler code, int turns)
    {
        using var memory = ExecutableMemory.TryLoad(code.Code, out _);
        if (memory is null) return double.MaxValue;
        var weights = new AlignedFloats(64);
        var function = (delegate* unmanaged<float*, nint, void>)memory.Address;
        var best = RateProbe.BestNs(turns, () => function(weights.Data, Rounds));
        GC.KeepAlive(memory);
        return best;
    }
}
