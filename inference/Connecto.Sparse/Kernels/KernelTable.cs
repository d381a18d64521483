using System.Numerics;
using System.Runtime.Intrinsics;

namespace Connecto.Sparse.Kernels;

/// <summary>Every variant of the kernels, best first. Dispatch, tests and benchmarks all read this table.</summary>
internal static class KernelTable
{
    /// <summary>The environment variable that forces a variant by name.</summary>
    public const string Variable = "CONNECTO_KERNEL";

    private static readonly (KernelSet Kernels, bool Available)[] Table =
    [
        (new VectorKernels<Words512, Vector512<float>>("vector512"), Vector512.IsHardwareAccelerated),
        (new VectorKernels<Words256, Vector256<float>>("vector256"), Vector256.IsHardwareAccelerated),
        (new VectorKernels<WordsPortable, Vector<float>>("portable"), Vector.IsHardwareAccelerated),
        (new VectorKernels<WordsScalar, float>("scalar"), true),
    ];

    /// <summary>The variants that are fast on this machine, best first; all give right results on any
    /// machine.</summary>
    public static IEnumerable<KernelSet> Available => Table.Where(v => v.Available).Select(v => v.Kernels);

    /// <summary>The variant that CONNECTO_KERNEL names, or the best one.</summary>
    public static KernelSet Chosen { get; } = Choose(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The name that asks for generated instruction streams wherever they serve, and the best variant
    /// elsewhere.</summary>
    public const string StreamName = "stream";

    /// <summary>Whether generated code may be used: no variant was forced but that.</summary>
    public static bool StreamsAllowed { get; } =
        Environment.GetEnvironmentVariable(Variable) is null or "" or StreamName;

    /// <summary>The variant of that name, or the best one where there is none.</summary>
    /// <exception cref="InvalidDataException">No variant has that name, or the machine lacks it.</exception>
    public static KernelSet Choose(string? name)
    {
        if (string.IsNullOrEmpty(name) || name == StreamName) return Available.First();
        return Available.FirstOrDefault(k => k.Name == name) ?? throw new InvalidDataException(
            $"{Variable} is '{name}'; this machine has {string.Join(", ", Available.Select(k => k.Name))} and {StreamName}. Nothing was run.");
    }
}
