namespace Connecto.Sparse.CodeGeneration;

/// <summary>What the kernels for bytes need besides: indexed loads, calls and signed words.</summary>
internal sealed partial class Assembler
{
    /// <summary>to = the 64 bytes at the sum of two registers and a constant. The index is not Rsp.</summary>
    public void Load(int to, Register start, Register index, int displacement)
    {
        System.Diagnostics.Debug.Assert(index != Register.Rsp, "This register cannot be an index.");
        Room();
        Evex(Map0F, NoPrefix, to, 0, !High(start), !High(index), false, 0, false);
        Put(0x10);
        var scaled = displacement / 64;
        var small = scaled * 64 == displacement && scaled is >= -128 and <= 127;
        var none = displacement == 0 && ((int)start & 7) != 5;
        Put((byte)((none ? 0 : small ? 0x40 : 0x80) | (to & 7) << 3 | 4));
        Put((byte)(((int)index & 7) << 3 | ((int)start & 7)));
        if (none) return;
        if (small) Put((byte)scaled);
        else Put32(displacement);
    }

    /// <summary>to = the 32 bits at from, sign-extended.</summary>
    public void LoadSigned(Register to, At from)
    {
        Room();
        Put(Rex(to, from.Base));
        Put(0x63);
        Address((int)to & 7, from, 1);
    }

    /// <summary>Every lane of to = the lower 32 bits of from.</summary>
    public void BroadcastWord(int to, Register from) => Vector(Map0F38, Prefix66, 0x7C, to, 0, (int)from);

    /// <summary>to = the 32-bit integers of from as floats.</summary>
    public void ToFloats(int to, int from) => Vector(Map0F, NoPrefix, 0x5B, to, 0, from);

    /// <summary>to = the floats of from as 32-bit integers, ties to even; the least integer where there is none.</summary>
    public void ToIntegers(int to, int from) => Vector(Map0F, Prefix66, 0x5B, to, 0, from);

    /// <summary>to = a * b, floats.</summary>
    public void Multiply(int to, int a, int b) => Vector(Map0F, NoPrefix, 0x59, to, a, b);

    /// <summary>to = a + b, floats.</summary>
    public void AddFloats(int to, int a, int b) => Vector(Map0F, NoPrefix, 0x58, to, a, b);

    /// <summary>Every quarter of to = the quarters of a and b as 16-bit integers, saturated.</summary>
    public void PackWords(int to, int a, int b) => Vector(Map0F, Prefix66, 0x6B, to, a, b);

    /// <summary>Every quarter of to = the 16-bit integers of a's and b's as unsigned bytes, saturated.</summary>
    public void PackBytes(int to, int a, int b) => Vector(Map0F, Prefix66, 0x67, to, a, b);

    /// <summary>to = the larger of the unsigned bytes of a and of the 64 at b.</summary>
    public void MaxBytes(int to, int a, At b) => Memory(Map0F, Prefix66, 0xDE, to, a, b, 64);

    /// <summary>Every quarter of to = its bytes of a in the order of the 64 at b.</summary>
    public void Shuffle(int to, int a, At b) => Memory(Map0F38, Prefix66, 0x00, to, a, b, 64);

    /// <summary>Calls the code at an earlier place.</summary>
    public void Call(int place)
    {
        Room();
        Put(0xE8);
        Put32(place - (Length + 4));
    }

    /// <summary>Goes on at an earlier place.</summary>
    public void Jump(int place)
    {
        Room();
        Put(0xE9);
        Put32(place - (Length + 4));
    }

    /// <summary>Returns to generated code; the vector registers stay as they are.</summary>
    public void ReturnInside()
    {
        Room();
        Put(0xC3);
    }
}
