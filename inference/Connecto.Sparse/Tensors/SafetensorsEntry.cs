using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Sparse;

/// <summary>One array of a safetensors file: name, element type, shape, values in C order.</summary>
public sealed class SafetensorsEntry
{
    private static readonly (string Code, Type Type, int Size)[] Types =
    [
        ("F64", typeof(double), 8), ("F32", typeof(float), 4), ("F16", typeof(Half), 2),
        ("I64", typeof(long), 8), ("I32", typeof(int), 4), ("I16", typeof(short), 2), ("I8", typeof(sbyte), 1),
        ("U64", typeof(ulong), 8), ("U32", typeof(uint), 4), ("U16", typeof(ushort), 2), ("U8", typeof(byte), 1),
        ("BOOL", typeof(bool), 1),
    ];

    private readonly Array values;
    private readonly long[] shape;

    private SafetensorsEntry(string name, string type, int elementSize, long[] shape, Array values) =>
        (Name, Type, ElementSize, this.shape, this.values) = (name, type, elementSize, shape, values);

    /// <summary>The name, unique in its file.</summary>
    public string Name { get; }

    /// <summary>The element type's code in the file: F64, F32, F16, I64, I32, I16, I8, U64, U32, U16, U8 or
    /// BOOL.</summary>
    public string Type { get; }

    /// <summary>Length of every axis.</summary>
    public ReadOnlySpan<long> Shape => shape;

    /// <summary>Number of values.</summary>
    public int Count => values.Length;

    internal int ElementSize { get; }

    /// <summary>An entry over an array, which is kept, not copied.</summary>
    /// <typeparam name="T">double, float, Half, bool, or an integer of 1 to 8 bytes.</typeparam>
    /// <exception cref="ArgumentException">The shape does not multiply to the array's length, or the type has no
    /// code.</exception>
    public static SafetensorsEntry Of<T>(string name, ReadOnlySpan<long> shape, T[] values) where T : unmanaged
    {
        var (code, _, size) = Array.Find(Types, t => t.Type == typeof(T));
        if (code is null) throw new ArgumentException(
            $"The safetensors format has no code for {typeof(T)}.", nameof(values));
        long count = 1;
        foreach (var length in shape) count = checked(count * length);
        if (count != values.Length)
            throw new ArgumentException(
                $"Entry '{name}' needs {count} values by its shape; found {values.Length}.", nameof(values));
        return new SafetensorsEntry(name, code, size, shape.ToArray(), values);
    }

    /// <summary>A one-dimensional entry over an array, which is kept, not copied.</summary>
    /// <typeparam name="T">double, float, Half, bool, or an integer of 1 to 8 bytes.</typeparam>
    public static SafetensorsEntry Of<T>(string name, T[] values) where T : unmanaged => Of(name, [values.Length], values);

    /// <summary>An entry over a tensor's own array.</summary>
    public static SafetensorsEntry Of(Tensor tensor)
    {
        var lengths = new long[tensor.Shape.Length];
        for (var i = 0; i < lengths.Length; i++) lengths[i] = tensor.Shape[i];
        return Of(tensor.Name, lengths, tensor.Data);
    }

    /// <summary>The values, not copied.</summary>
    /// <exception cref="InvalidDataException">The entry is of another type.</exception>
    public T[] To<T>() where T : unmanaged => values as T[] ?? throw new InvalidDataException(
        $"Tensor '{Name}' holds {Type} values; {typeof(T).Name} was expected.");

    /// <summary>The entry as a tensor of floats over the same array.</summary>
    /// <exception cref="InvalidDataException">The entry is not F32, or an axis is 2^31 or longer.</exception>
    public Tensor ToTensor()
    {
        var lengths = new int[shape.Length];
        for (var i = 0; i < lengths.Length; i++)
            lengths[i] = shape[i] <= int.MaxValue ? (int)shape[i] : throw new InvalidDataException(
                $"Tensor '{Name}' has an axis of {shape[i]}; at most {int.MaxValue} is supported.");
        return new Tensor(Name, lengths, To<float>());
    }

    /// <summary>An entry of zeros for a code whose size <see cref="SizeOf"/> knows.</summary>
    internal static SafetensorsEntry Allocate(string name, string code, long[] shape, int count)
    {
        var (known, type, size) = Array.Find(Types, t => t.Code == code);
        return new SafetensorsEntry(name, known, size, shape, Array.CreateInstance(type, count));
    }

    /// <summary>Bytes of one element of a code, or 0 for a code that is not supported.</summary>
    internal static int SizeOf(string code) => Array.Find(Types, t => t.Code == code).Size;

    /// <summary>The values' bytes in pieces, each short enough for a span.</summary>
    internal Span<byte> Piece(long offset)
    {
        const int most = 1 << 26;
        var length = (int)Math.Min(most, (long)Count * ElementSize - offset);
        ref var first = ref MemoryMarshal.GetArrayDataReference(values);
        return MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref first, (nuint)offset), length);
    }
}
