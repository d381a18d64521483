using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Connecto.Sparse.Planning;

/// <summary>The vector instruction sets of the machine that kernels ask for, by the names people know.</summary>
internal static class InstructionNames
{
    // Leaf 7: .NET 10 has no property for these at 512 bits.
    public const string Vnni = "AVX512-VNNI", Brain = "AVX512-BF16";

    /// <summary>What is there and not switched off.</summary>
    public static IReadOnlyList<string> Read()
    {
        List<string> names = [];
        void Add(bool has, string name)
        {
            if (has) names.Add(name);
        }
        Add(Avx2.IsSupported, "AVX2");
        Add(Fma.IsSupported, "FMA");
        Add(Avx512F.IsSupported, "AVX512F");
        Add(Avx512DQ.IsSupported, "AVX512DQ");
        if (Avx512F.IsSupported)
        {
            Add((X86Base.CpuId(7, 0).Ecx & 1 << 11) != 0, Vnni);
            Add((X86Base.CpuId(7, 1).Eax & 1 << 5) != 0, Brain);
        }
        Add(AdvSimd.IsSupported, "AdvSimd");
        if (names.Count == 0) names.Add(RuntimeInformation.ProcessArchitecture.ToString());
        return names;
    }
}
