using Connecto.Sparse.CodeGeneration;
using Connecto.Sparse.Decode;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Planning;

/// <summary>Measures what generated code does; nothing is measured where none can be made.</summary>
/// <remarks>How fast code comes depends on the cache it lies in and not on what it does, so that is measured with
/// additions of 7 bytes to registers, of which a core does at least three a cycle.</remarks>
/// <param name="probes">Where probes of vectors go.</param>
/// <param name="scalar">Where the others go.</param>
internal sealed unsafe class CodeProbe(ProbeSet probes, ProbeSet scalar) : IDisposable
{
    private const int Sums = 24, Unrolled = 4, Rounds = 100;

    private static readonly Register[] Scratch =
        [Register.Rax, Register.Rcx, Register.Rdx, Register.Rsi, Register.R8, Register.R9, Register.R10, Register.R11];

    private readonly List<ExecutableMemory> memories = [];
    private readonly AlignedFloats weights = new(64);

    /// <summary>Multiply-adds of 16 floats in registers.</summary>
    public Probe? MultiplyAdds() => Operations(
        StreamSupport.MachineObstacle, static (code, i) => code.MultiplyAdd(i % Sums, Sums, Sums));

    /// <summary>Loads of 16 floats.</summary>
    public Probe? Loads() => Operations(
        StreamSupport.MachineObstacle, static (code, i) => code.Load(i % Sums, new At(Register.Rdi, i % 4 * 64)));

    /// <summary>Multiply-adds of 16 floats with an operand broadcast from memory.</summary>
    public Probe? BroadcastMultiplyAdds() => Operations(
        StreamSupport.MachineObstacle, static (code, i) => code.MultiplyAddBroadcast(i % Sums, Sums, new At(Register.Rdi, i % 32 * 4)));

    /// <summary>Dot products of bytes, 16 lanes, operands in registers.</summary>
    public Probe? ByteDots() => Operations(StreamSupport.BytesObstacle, static (code, i) => code.DotBytes(i % Sums, Sums, Sums));

    /// <summary>Expansions of packed bytes to the 64 places of a mask.</summary>
    public Probe? Expansions() => Operations(
        StreamSupport.MachineObstacle ?? DecodeSupport.ExpansionObstacle, static (code, i) => code.ExpandBytes(i % Sums, Sums, 1));

    /// <summary>Bytes of straight-line code of that size.</summary>
    public Probe? Straight(long size)
    {
        if (StreamSupport.MachineObstacle is not null) return null;
        var code = new Assembler();
        for (var i = 0; code.Length < size; i++) code.Add(Scratch[i % Scratch.Length], 0x12345678);
        code.Return();
        return Load(scalar, code, code.Length);
    }

    /// <summary>Gives the code's memory back.</summary>
    public void Dispose()
    {
        foreach (var memory in memories) memory.Dispose();
    }

    private Probe? Operations(string? obstacle, Action<Assembler, int> emit)
    {
        if (obstacle is not null) return null;
        var code = new Assembler();
        code.Move(Register.Rcx, Register.Rsi);
        for (var i = 0; i <= Sums; i++) code.Zero(i);
        var loop = code.Length;
        for (var i = 0; i < Unrolled * Sums; i++) emit(code, i);
        code.Decrement(Register.Rcx);
        code.JumpIfNotZero(loop);
        code.Return();
        return Load(probes, code, Unrolled * Sums * Rounds);
    }

    private Probe? Load(ProbeSet set, Assembler code, double amount)
    {
        if (ExecutableMemory.TryLoad(code.Code, out _) is not { } memory) return null;
        memories.Add(memory);
        var function = (delegate* unmanaged<float*, nint, void>)memory.Address;
        return set.Add(amount, () => function(weights.Data, Rounds));
    }
}
