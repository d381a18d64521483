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
    public void Signed_loads_and_calls_say_what_they_mean()
    {
        foreach (var start in Bases)
            foreach (var to in Enum.GetValues<Register>())
                Assert.Equal([$"movsxd {Name(to)},[{Name(start)}+28h]"], Text(a => a.LoadSigned(to, new At(start, 40))));
        Assert.Equal(
            ["ret", "call 0"],
            Text(a =>
            {
                a.ReturnInside();
                a.Call(0);
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
