using Connecto.Sparse.CodeGeneration;
using Connecto.Sparse.Streams;
using Iced.Intel;
using Assembler = Connecto.Sparse.CodeGeneration.Assembler;
using Register = Connecto.Sparse.CodeGeneration.Register;

namespace Connecto.Sparse.Tests.CodeGeneration;

/// <summary>Every form the assembler writes is read back by another's disassembler.</summary>
public class AssemblerTests
{
    private static readonly int[] Vectors = [0, 7, 8, 15, 16, 23, 24, 31];
    private static readonly int[] Displacements = [0, 4, 64, -64, 508, -512, 512, 8128, -8192, 8192, 3, 1 << 20, -(1 << 20)];
    private static readonly Register[] Bases =
        [.. Enum.GetValues<Register>().Where(r => r is not (Register.Rsp or Register.R12))];

    [Fact]
    public void Memory_forms_say_what_they_mean() => ForMemory((at, a, b) =>
    {
        var m = Text(at);
        Check(c => c.Load(a, at), $"vmovups zmm{a},{m}");
        Check(c => c.Load(a, at, 3), $"vmovups zmm{a}{{k3}}{{z}},{m}");
        Check(c => c.Store(at, a), $"vmovups {m},zmm{a}");
        Check(c => c.Store(at, a, 2), $"vmovups {m}{{k2}},zmm{a}");
        Check(c => c.Broadcast(a, at), $"vbroadcastss zmm{a},{m}");
        Check(c => c.BroadcastFour(a, at), $"vbroadcastf32x4 zmm{a},{m}");
        Check(c => c.MultiplyAdd(a, b, at), $"vfmadd231ps zmm{a},zmm{b},{m}");
        Check(c => c.MultiplyAddBroadcast(a, b, at), $"vfmadd231ps zmm{a},zmm{b},{m}{{1to16}}");
        Check(c => c.LoadMask(a & 7, at), $"kmovw k{a & 7},{m}");
    });

    [Fact]
    public void Register_forms_say_what_they_mean()
    {
        foreach (var a in Vectors)
            foreach (var b in Vectors)
                foreach (var d in Vectors)
                {
                    Check(c => c.MultiplyAdd(a, b, d), $"vfmadd231ps zmm{a},zmm{b},zmm{d}");
                    Check(c => c.DotBytes(a, b, d), $"vpdpbusd zmm{a},zmm{b},zmm{d}");
                    Check(c => c.Max(a, b, d), $"vmaxps zmm{a},zmm{b},zmm{d}");
                    Check(c => c.Copy(a, b), $"vmovups zmm{a},zmm{b}");
                    Check(c => c.Spread(a, b, d & 3), $"vpermilps zmm{a},zmm{b},{Hex((d & 3) * 0x55)}");
                    Check(c => c.Zero(a), $"vpxord zmm{a},zmm{a},zmm{a}");
                }
    }

    [Fact]
    public void General_registers_and_jumps_say_what_they_mean()
    {
        foreach (var a in Enum.GetValues<Register>())
        {
            foreach (var b in Enum.GetValues<Register>()) Check(c => c.Move(a, b), $"mov {Name(a)},{Name(b)}");
            foreach (var b in Bases) Check(c => c.Load(a, new At(b, 40)), $"mov {Name(a)},[{Name(b)}+28h]");
            Check(c => c.Add(a, 127), $"add {Name(a)},7Fh");
            Check(c => c.Add(a, -128), $"add {Name(a)},0FFFFFFFFFFFFFF80h");
            Check(c => c.Add(a, 128), $"add {Name(a)},80h");
            Check(c => c.Add(a, 1 << 30), $"add {Name(a)},40000000h");
            Check(c => c.Decrement(a), $"dec {Name(a)}");
        }
        Check(c => c.Return(), "vzeroupper", "ret");
        Check(
            c =>
            {
                c.Decrement(Register.R10);
                c.JumpIfNotZero(0);
            },
            "dec r10", "jne near 0");
        Check(c => c.Add(Register.Rax, 0));
    }

    [Fact]
    public void A_whole_stream_is_read_back_without_a_byte_left_over()
    {
        var matrix = Streams.SampleMatrices.Real(50, 700, 0.2, 1);
        var emitter = new StreamEmitter(matrix, new StreamShape(14, 2, 4), StreamArithmetic.FloatRectified);
        var places = new StreamPlaces([.. Enumerable.Range(0, 700).Select(k => k * 128)], 700 * 128, new int[50], true);
        emitter.EmitTile(places, .., 0, 700, 1);
        var lines = Disassemble(emitter.Code.Code.ToArray());
        Assert.DoesNotContain(lines, l => l.Contains("bad", StringComparison.Ordinal));
        Assert.Equal(2 * matrix.NonZeros, lines.Count(l => l.StartsWith("vfmadd231ps", StringComparison.Ordinal)));
        Assert.Equal("ret", lines[^1]);
    }

    private static void ForMemory(Action<At, int, int> body)
    {
        foreach (var register in Bases)
            foreach (var displacement in Displacements)
                foreach (var a in Vectors) body(new At(register, displacement), a, 31 - a);
    }

    private static void Check(Action<Assembler> write, params string[] expected)
    {
        var assembler = new Assembler();
        write(assembler);
        Assert.Equal(expected, Disassemble(assembler.Code.ToArray()));
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

    private static string Text(At at)
    {
        var sign = at.Displacement < 0 ? "-" : "+";
        return at.Displacement == 0 ? $"[{Name(at.Base)}]" : $"[{Name(at.Base)}{sign}{Hex(Math.Abs(at.Displacement))}]";
    }

    private static string Hex(int value)
    {
        var text = value.ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        return value < 10 ? text : (char.IsLetter(text[0]) ? "0" : "") + text + "h";
    }

    private static string Name(Register register) => register.ToString().ToLowerInvariant();
}
