namespace Connecto.Sparse.CodeGeneration;

// What products with few vectors need besides: bit masks, expansion, counting of bits.
internal sealed partial class Assembler
{
    /// <summary>The 32 bits of a mask register = those at from.</summary>
    public void LoadMask32(int to, At from) => LoadMaskWide(to, from, 0xF9);

    /// <summary>The 64 bits of a mask register = those at from.</summary>
    public void LoadMask64(int to, At from) => LoadMaskWide(to, from, 0xF8);

    /// <summary>The lowest bytes of from go, in order, to the bytes of to whose bit is set; the others become 0
    /// (VBMI2).</summary>
    public void ExpandBytes(int to, int from, int mask) => Masked(Map0F38, Prefix66, false, 0x62, to, 0, from, mask, true);

    /// <summary>As <see cref="ExpandBytes"/> for 32 words of 16 bits (VBMI2).</summary>
    public void ExpandWords(int to, int from, int mask) => Masked(Map0F38, Prefix66, true, 0x62, to, 0, from, mask, true);

    /// <summary>As <see cref="ExpandBytes"/> for 16 floats.</summary>
    public void ExpandFloats(int to, int from, int mask) => Masked(Map0F38, Prefix66, false, 0x88, to, 0, from, mask, true);

    /// <summary>sum += a * b, fused, in the lanes whose bit is set; the others stay.</summary>
    public void MultiplyAdd(int sum, int a, int b, int mask) =>
        Masked(Map0F38, Prefix66, false, 0xB8, sum, a, b, mask, false);

    /// <summary>As above with 16 floats at b.</summary>
    public void MultiplyAdd(int sum, int a, At b, int mask) =>
        Memory(Map0F38, Prefix66, 0xB8, sum, a, b, 64, mask: mask);

    /// <summary>Every 32-bit lane: to = from shifted left, zeros come in.</summary>
    public void ShiftLeft(int to, int from, int bits)
    {
        Vector(Map0F, Prefix66, 0x72, 6, to, from);
        Put((byte)bits);
    }

    /// <summary>Every 32-bit lane: to = from shifted right, zeros come in.</summary>
    public void ShiftRight(int to, int from, int bits)
    {
        Vector(Map0F, Prefix66, 0x72, 2, to, from);
        Put((byte)bits);
    }

    /// <summary>Every 32-bit lane: to = from shifted left by the number in the same lane of bits.</summary>
    public void ShiftLeftEach(int to, int from, int bits) => Vector(Map0F38, Prefix66, 0x47, to, from, bits);

    /// <summary>to = (to and mask) or a, bit by bit.</summary>
    public void AndOr(int to, int a, int mask)
    {
        Vector(Map0F3A, Prefix66, 0x25, to, a, mask);
        Put(0xEC);
    }

    /// <summary>All bits of to = 1.</summary>
    public void Ones(int to)
    {
        Vector(Map0F3A, Prefix66, 0x25, to, to, to);
        Put(0xFF);
    }

    /// <summary>to = a and b, bit by bit.</summary>
    public void And(int to, int a, int b) => Vector(Map0F, Prefix66, 0xDB, to, a, b);

    /// <summary>to = the bits that are set in the register mask.</summary>
    public void PopCount(Register to, Register from)
    {
        Room();
        Put(0xF3);
        Put(Rex(to, from));
        Put(0x0F);
        Put(0xB8);
        Put((byte)(0xC0 | ((int)to & 7) << 3 | ((int)from & 7)));
    }

    /// <summary>to = the number of bits that are set in the 64 at from.</summary>
    public void PopCount(Register to, At from)
    {
        Room();
        Put(0xF3);
        Put(Rex(to, from.Base));
        Put(0x0F);
        Put(0xB8);
        Address((int)to & 7, from, 1);
    }

    /// <summary>to = the 16 bits at from, zeros above.</summary>
    public void LoadWord(Register to, At from)
    {
        Room();
        Put(Rex(to, from.Base));
        Put(0x0F);
        Put(0xB7);
        Address((int)to & 7, from, 1);
    }

    /// <summary>to = the 32 bits at from, zeros above.</summary>
    public void LoadDouble(Register to, At from)
    {
        Room();
        Put((byte)(Rex(to, from.Base) & ~8));
        Put(0x8B);
        Address((int)to & 7, from, 1);
    }

    /// <summary>to += from.</summary>
    public void Add(Register to, Register from) => Registers(0x03, (int)to, from);

    /// <summary>to += index * scale, the scale 1, 2, 4 or 8. Not for Rbp and R13 as to, nor Rsp as index.</summary>
    public void AddScaled(Register to, Register index, int scale)
    {
        System.Diagnostics.Debug.Assert(((int)to & 7) != 5 && index != Register.Rsp, "Their encoding means something else.");
        Room();
        Put((byte)(Rex(to, to) | Bit(High(index), 1)));
        Put(0x8D);
        Put((byte)(((int)to & 7) << 3 | 4));
        Put((byte)(System.Numerics.BitOperations.Log2((uint)scale) << 6 | ((int)index & 7) << 3 | ((int)to & 7)));
    }

    /// <summary>Brings the line at a place towards the first cache; never faults.</summary>
    public void Prefetch(At at)
    {
        Room();
        if (High(at.Base)) Put(0x41);
        Put(0x0F);
        Put(0x18);
        Address(1, at, 1);
    }

    // VEX.L0.0F.W1 90 /r
    private void LoadMaskWide(int to, At from, byte prefix)
    {
        Room();
        Put(0xC4);
        Put((byte)(0xC1 | (High(from.Base) ? 0 : 0x20)));
        Put(prefix);
        Put(0x90);
        Address(to, from, 1);
    }

    private void Masked(int map, int prefix, bool wide, byte opcode, int reg, int second, int rm, int mask, bool zero)
    {
        Room();
        Evex(map, prefix, reg, second, (rm & 8) == 0, (rm & 16) == 0, false, mask, zero);
        if (wide) code[Length - 2] |= 0x80; // EVEX.W
        Put(opcode);
        Put((byte)(0xC0 | (reg & 7) << 3 | (rm & 7)));
    }
}
