using Connecto.Sparse.CodeGeneration;
using Iced.Intel;
using Assembler = Connecto.Sparse.CodeGeneration.Assembler;
using Register = Connecto.Sparse.CodeGeneration.Register;

namespace Connecto.Sparse.Tests.CodeGeneration;

/// <summary>The forms that kernels of bytes add, read back by another's disassembler.</summary>
public class AssemblerBytesTests
{
    private static readonly Register[] Bases = [.. Enum.GetValues<Register>().Where(r => r is not (Register.Rsp or Register.R12))];

    [Fact]
    public void Indexed_loads_say_what_they_mean()
    {
        foreach (var start in Enum.GetValues<Register>())
            foreach (var index in Enum.GetValues<Register>().Where(r => r != Register.Rsp))
                foreach (var (displacement, text) in new[] { (0, ""), (64, "+40h"), (-128, "-80h"), (8128, "+1FC0h"), (12, "+0Ch"), (1 << 20, "+100000h") })
                    foreach (var to in new[] { 0, 9, 23, 31 })
                        Assert.Equal(
                            [$"vmovups zmm{to},[{Name(start)}+{Name(index)}{text}]"], Text(a => a.Load(to, start, index, displacement)));
    }

    [Fact]
    public void Conversions_say_what_they_mean()
    {
        foreach (var a in new[] { 0, 9, 23, 31 })
            foreach (var b in new[] { 1, 14, 16, 30 })
            {
                Assert.Equal([$"vcvtdq2ps zmm{a},zmm{b}"], Text(c => c.ToFloats(a, b)));
                Assert.Equal([$"vcvtps2dq zmm{a},zmm{b}"], Text(c => c.ToIntegers(a, b)));
                Assert.Equal([$"vmulps zmm{a},zmm{b},zmm7"], Text(c => c.Multiply(a, b, 7)));
                Assert.Equal([$"vaddps zmm{a},zmm{b},zmm29"], Text(c => c.AddFloats(a, b, 29)));
                Assert.Equal([$"vpackssdw zmm{a},zmm{b},zmm18"], Text(c => c.PackWords(a, b, 18)));
                Assert.Equal([$"vpackuswb zmm{a},zmm{b},zmm8"], Text(c => c.PackBytes(a, b, 8)));
                Assert.Equal([$"vpmaxub zmm{a},zmm{b},[r9+40h]"], Text(c => c.MaxBytes(a, b, new At(Register.R9, 64))));
                Assert.Equal([$"vpshufb zmm{a},zmm{b},[rdx]"], Text(c => c.Shuffle(a, b, new At(Register.Rdx))));
                Assert.Equal([$"vpbroadcastd zmm{a},r11d"], Text(c => c.BroadcastWord(a, Register.R11)));
                Assert.Equal([$"vpbroadcastd zmm{b},eax"], Text(c => c.BroadcastWord(b, Register.Rax)));
            }
    }

    [Fact]
    public void Signed_loads_and_calls_say_what_they_mean()
    {
        foreach (var start in Bases)
            foreach (var to in Enum.GetValues<Register>())
                Assert.Equal([$"movsxd {Name(to)},[{Name(start)}+28h]"], Text(a => a.LoadSigned(to, new At(start, 40))));
        Assert.Equal(
            ["ret", "call 0", "jmp 0"],
            Text(a =>
            {
                a.ReturnInside();
                a.Call(0);
                a.Jump(0);
            }));
    }

    private static string[] Text(Action<Assembler> write)
    {
        var assembler = new Assembler();
        write(assembler);
        var code = assembler.Code.ToArray();
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(code));
        var formatter = new NasmFormatter();
        formatter.Options.MemorySizeOptions = MemorySizeOptions.Never;
        List<string> lines = [];
        while (decoder.IP < (ulong)code.Length)
        {
            var output = new StringOutput();
            formatter.Format(decoder.Decode(), output);
            lines.Add(output.ToString());
        }
        return [.. lines];
    }

    private static string Name(Register register) => register.ToString().ToLowerInvariant();
}
