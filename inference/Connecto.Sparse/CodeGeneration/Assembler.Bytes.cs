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

    /// <summary>Calls the code at an earlier place.</summary>
    public void Call(int place)
    {
        Room();
        Put(0xE8);
        Put32(place - (Length + 4));
    }

    /// <summary>Returns to generated code; the vector registers stay as they are.</summary>
    public void ReturnInside()
    {
        Room();
        Put(0xC3);
    }
}
