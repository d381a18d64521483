using System.Buffers.Binary;

namespace Connecto.Sparse.CodeGeneration;

/// <summary>A general register, by its number in the encoding.</summary>
internal enum Register
{
    Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8, R9, R10, R11, R12, R13, R14, R15,
}

/// <summary>The memory at a register plus a constant. Not for Rsp and R12, whose encoding needs one byte more.</summary>
internal readonly record struct At(Register Base, int Displacement = 0);

/// <summary>Writes the few x86-64 instructions that the generated kernels consist of.</summary>
/// <remarks>
/// Encodings follow the Intel 64 manual, volume 2, sections 2.2 (REX) and 2.7 (EVEX, with its scaled 8-bit
/// displacement). A general assembler would do, but emits some 2 MB/s; a stream for one layer is several MB, and this
/// one writes it in a small part of that. Vector registers are numbers 0 to 31, all 512 bits wide; mask register 0 means no mask.
/// The tests disassemble every form with another's disassembler.
/// </remarks>
internal sealed partial class Assembler
{
    private byte[] code = new byte[4096];

    /// <summary>Bytes written so far: the place of the next instruction.</summary>
    public int Length { get; private set; }

    /// <summary>The code so far; valid until the next instruction is written.</summary>
    public ReadOnlySpan<byte> Code => code.AsSpan(0, Length);

    /// <summary>to = 16 floats at from; no alignment needed. Masked-off lanes become 0.</summary>
    public void Load(int to, At from, int mask = 0) => Memory(Map0F, NoPrefix, 0x10, to, 0, from, 64, mask: mask, zero: mask != 0);

    /// <summary>16 floats at to = from; masked-off lanes are neither written nor touched.</summary>
    public void Store(At to, int from, int mask = 0) => Memory(Map0F, NoPrefix, 0x11, from, 0, to, 64, mask: mask);

    /// <summary>to = from.</summary>
    public void Copy(int to, int from) => Vector(Map0F, NoPrefix, 0x10, to, 0, from);

    /// <summary>Every lane of to = the float at from.</summary>
    public void Broadcast(int to, At from) => Memory(Map0F38, Prefix66, 0x18, to, 0, from, 4);

    /// <summary>Every quarter of to = the four floats at from.</summary>
    public void BroadcastFour(int to, At from) => Memory(Map0F38, Prefix66, 0x1A, to, 0, from, 16);

    /// <summary>Every lane of to = the lane with that number, 0 to 3, of its quarter of from.</summary>
    public void Spread(int to, int from, int lane)
    {
        Vector(Map0F3A, Prefix66, 0x04, to, 0, from);
        Put((byte)(lane * 0x55));
    }

    /// <summary>sum += a * the float at b, fused.</summary>
    public void MultiplyAddBroadcast(int sum, int a, At b) => Memory(Map0F38, Prefix66, 0xB8, sum, a, b, 4, broadcast: true);

    /// <summary>sum += a * the 16 floats at b, fused.</summary>
    public void MultiplyAdd(int sum, int a, At b) => Memory(Map0F38, Prefix66, 0xB8, sum, a, b, 64);

    /// <summary>sum += a * b, fused.</summary>
    public void MultiplyAdd(int sum, int a, int b) => Vector(Map0F38, Prefix66, 0xB8, sum, a, b);

    /// <summary>to = a > b ? a : b; b where either is no number.</summary>
    public void Max(int to, int a, int b) => Vector(Map0F, NoPrefix, 0x5F, to, a, b);

    /// <summary>to = 0.</summary>
    public void Zero(int to) => Vector(Map0F, Prefix66, 0xEF, to, to, to);

    /// <summary>Every 32-bit lane: sum += the four products of unsigned bytes of a and signed bytes of b; no
    /// saturation (VNNI).</summary>
    public void DotBytes(int sum, int a, int b) => Vector(Map0F38, Prefix66, 0x50, sum, a, b);

    /// <summary>The lower 16 bits of a mask register = the 16 bits at from.</summary>
    public void LoadMask(int to, At from)
    {
        // VEX.L0.0F.W0 90 /r
        Room();
        Put(0xC4);
        Put((byte)(0xC1 | (High(from.Base) ? 0 : 0x20)));
        Put(0x78);
        Put(0x90);
        Address(to, from, 1);
    }

    /// <summary>to = the 64 bits at from.</summary>
    public void Load(Register to, At from)
    {
        Room();
        Put(Rex(to, from.Base));
        Put(0x8B);
        Address((int)to & 7, from, 1);
    }

    /// <summary>to = from.</summary>
    public void Move(Register to, Register from) => Registers(0x8B, (int)to, from);

    /// <summary>to += value, which is sign-extended.</summary>
    public void Add(Register to, int value)
    {
        if (value == 0) return;
        var small = value is >= -128 and <= 127;
        Registers(small ? (byte)0x83 : (byte)0x81, 0, to);
        if (small) Put((byte)value);
        else Put32(value);
    }

    /// <summary>to -= 1; the zero flag says whether 0 is left.</summary>
    public void Decrement(Register to) => Registers(0xFF, 1, to);

    /// <summary>Goes to an earlier place unless the zero flag is set.</summary>
    public void JumpIfNotZero(int place)
    {
        Room();
        Put(0x0F);
        Put(0x85);
        Put32(place - (Length + 4));
    }

    /// <summary>Returns to the caller; the upper halves of the vector registers are cleared, or old vector code would be
    /// slow afterwards.</summary>
    public void Return()
    {
        Room();
        Put(0xC5);
        Put(0xF8);
        Put(0x77);
        Put(0xC3);
    }

    /// <summary>Fills up to a multiple with long no-operations.</summary>
    public void Align(int multiple)
    {
        while (Length % multiple != 0)
        {
            Room();
            Put(0x90);
        }
    }

    private const int Map0F = 1, Map0F38 = 2, Map0F3A = 3, NoPrefix = 0, Prefix66 = 1;

    private void Vector(int map, int prefix, byte opcode, int reg, int second, int rm)
    {
        Room();
        // The third register's bits 3 and 4 go where memory forms keep base and index.
        Evex(map, prefix, reg, second, (rm & 8) == 0, (rm & 16) == 0, false, 0, false);
        Put(opcode);
        Put((byte)(0xC0 | (reg & 7) << 3 | (rm & 7)));
    }

    private void Memory(
        int map, int prefix, byte opcode, int reg, int second, At at, int scale, bool broadcast = false, int mask = 0,
        bool zero = false)
    {
        Room();
        Evex(map, prefix, reg, second, !High(at.Base), true, broadcast, mask, zero);
        Put(opcode);
        Address(reg & 7, at, scale);
    }

    private void Evex(int map, int prefix, int reg, int second, bool notB, bool notX, bool broadcast, int mask, bool zero)
    {
        Put(0x62);
        Put((byte)(Bit((reg & 8) == 0, 7) | Bit(notX, 6) | Bit(notB, 5) | Bit((reg & 16) == 0, 4) | map));
        Put((byte)((~second & 15) << 3 | 4 | prefix));
        Put((byte)(Bit(zero, 7) | 0x40 | Bit(broadcast, 4) | Bit((second & 16) == 0, 3) | mask));
    }

    private void Registers(byte opcode, int reg, Register rm)
    {
        Room();
        Put(Rex((Register)reg, rm));
        Put(opcode);
        Put((byte)(0xC0 | (reg & 7) << 3 | ((int)rm & 7)));
    }

    /// <summary>ModRM and displacement: none, one byte in units of scale, or four.</summary>
    private void Address(int reg, At at, int scale)
    {
        System.Diagnostics.Debug.Assert(((int)at.Base & 7) != 4, "These registers need an index byte.");
        var low = reg << 3 | ((int)at.Base & 7);
        var scaled = at.Displacement / scale;
        if (at.Displacement == 0 && ((int)at.Base & 7) != 5) Put((byte)low);
        else if (scaled * scale == at.Displacement && scaled is >= -128 and <= 127)
        {
            Put((byte)(0x40 | low));
            Put((byte)scaled);
        }
        else
        {
            Put((byte)(0x80 | low));
            Put32(at.Displacement);
        }
    }

    private static byte Rex(Register reg, Register rm) => (byte)(0x48 | Bit(High(reg), 2) | Bit(High(rm), 0));

    private static bool High(Register register) => (int)register >= 8;

    private static int Bit(bool set, int place) => set ? 1 << place : 0;

    private void Room()
    {
        if (Length + 16 > code.Length) Array.Resize(ref code, checked(code.Length * 2)); // no instruction is longer than 15
    }

    private void Put(byte value) => code[Length++] = value;

    private void Put32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(Length), value);
        Length += 4;
    }
}
