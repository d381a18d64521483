using Connecto.Sparse.CodeGeneration;
using Connecto.Sparse.Decode;
using Iced.Intel;
using Assembler = Connecto.Sparse.CodeGeneration.Assembler;
using Register = Connecto.Sparse.CodeGeneration.Register;

namespace Connecto.Sparse.Tests.CodeGeneration;

/// <summary>The forms that decoding adds, read back by another's disassembler.</summary>
public class DecodeAssemblerTests
{
    private static readonly int[] Vectors = [0, 7, 8, 15, 16, 23, 24, 31];
    private static readonly Register[] Bases =
        [.. Enum.GetValues<Register>().Where(r => r is not (Register.Rsp or Register.R12))];

    [Fact]
    public void Register_forms_say_what_they_mean()
    {
        foreach (var a in Vectors)
            foreach (var b in Vectors)
            {
                var k = 1 + a % 7;
                Check(c => c.ExpandBytes(a, b, k), $"vpexpandb zmm{a}{{k{k}}}{{z}},zmm{b}");
                Check(c => c.ExpandWords(a, b, k), $"vpexpandw zmm{a}{{k{k}}}{{z}},zmm{b}");
                Check(c => c.ExpandFloats(a, b, k), $"vexpandps zmm{a}{{k{k}}}{{z}},zmm{b}");
                Check(c => c.MultiplyAdd(a, b, 31 - b, k), $"vfmadd231ps zmm{a}{{k{k}}},zmm{b},zmm{31 - b}");
                Check(c => c.And(a, b, 31 - a), $"vpandd zmm{a},zmm{b},zmm{31 - a}");
                Check(c => c.ShiftLeft(a, b, 16), $"vpslld zmm{a},zmm{b},10h");
                Check(c => c.ShiftRight(a, b, 4), $"vpsrld zmm{a},zmm{b},4");
                Check(c => c.ShiftLeftEach(a, b, 31 - b), $"vpsllvd zmm{a},zmm{b},zmm{31 - b}");
                Check(c => c.ToFloats(a, b), $"vcvtdq2ps zmm{a},zmm{b}");
                Check(c => c.AndOr(a, b, 31 - b), $"vpternlogd zmm{a},zmm{b},zmm{31 - b},0ECh");
                Check(c => c.Ones(a), $"vpternlogd zmm{a},zmm{a},zmm{a},0FFh");
            }
    }

    [Fact]
    public void General_forms_say_what_they_mean()
    {
        foreach (var a in Enum.GetValues<Register>())
            foreach (var b in Enum.GetValues<Register>())
            {
                Check(c => c.PopCount(a, b), $"popcnt {Name(a)},{Name(b)}");
                Check(c => c.Add(a, b), $"add {Name(a)},{Name(b)}");
                if (((int)a & 7) != 5 && b != Register.Rsp && !(a == b && a == Register.Rsp))
                    Check(c => c.AddScaled(a, b, 4), $"lea {Name(a)},[{Name(a)}+{Name(b)}*4]");
            }
        foreach (var b in Bases)
            foreach (var a in Enum.GetValues<Register>())
            {
                Check(c => c.PopCount(a, new At(b, 40)), $"popcnt {Name(a)},[{Name(b)}+28h]");
                Check(c => c.LoadWord(a, new At(b, 2)), $"movzx {Name(a)},word [{Name(b)}+2]", $"movzx {Name(a)},[{Name(b)}+2]");
                Check(c => c.LoadDouble(a, new At(b, 4)), $"mov {Half(a)},[{Name(b)}+4]");
                Check(c => c.Prefetch(new At(b, 1024)), $"prefetcht0 [{Name(b)}+400h]");
                Check(c => c.LoadMask32((int)a & 7, new At(b, 8)), $"kmovd k{(int)a & 7},[{Name(b)}+8]");
                Check(c => c.LoadMask64((int)a & 7, new At(b, 8)), $"kmovq k{(int)a & 7},[{Name(b)}+8]");
            }
    }

    [Fact]
    public void Every_kernel_is_read_back_without_a_byte_left_over()
    {
        foreach (var format in Enum.GetValues<DecodeFormat>())
            for (var batch = 1; batch <= DecodeOptions.MostVectors; batch++)
            {
                var lines = Disassemble(DecodeEmitter.Emit(new DecodeShape(format, batch), 0.3));
                Assert.DoesNotContain(lines, l => l.Contains("bad", StringComparison.Ordinal));
                Assert.Equal("ret", lines[^1]);
                Assert.Equal(2, lines.Count(l => l.StartsWith("jne", StringComparison.Ordinal)));
            }
    }

    // The last of several texts that mean the same.
    private static void Check(Action<Assembler> write, params string[] expected)
    {
        var assembler = new Assembler();
        write(assembler);
        Assert.Contains(Assert.Single(Disassemble(assembler.Code.ToArray())), expected);
    }

    private static string[] Disassemble(byte[] code)
    {
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

    private static string Half(Register register) =>
        register >= Register.R8 ? Name(register) + "d" : "e" + Name(register)[1..];

    private static string Name(Register register) => register.ToString().ToLowerInvariant();
}
