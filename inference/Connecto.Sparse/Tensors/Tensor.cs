namespace Connecto.Sparse;

/// <summary>A named dense array of floats, C order (last axis fastest).</summary>
public sealed class Tensor
{
    private readonly int[] shape;

    /// <summary>Lays a tensor over an array that the tensor keeps.</summary>
    /// <exception cref="ArgumentException">A length is negative, or their product is not the array's
    /// length.</exception>
    public Tensor(string name, ReadOnlySpan<int> shape, float[] data)
    {
        long count = 1;
        foreach (var length in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(shape));
            count = checked(count * length);
        }
        if (count != data.Length)
            throw new ArgumentException(
                $"Tensor '{name}' of shape {Describe(shape)} needs {count} values; found {data.Length}.", nameof(data));
        (Name, this.shape, Data) = (name, shape.ToArray(), data);
    }

    /// <summary>Makes a tensor of zeros.</summary>
    public Tensor(string name, params ReadOnlySpan<int> shape) : this(name, shape, new float[Count(shape)]) { }

    /// <summary>The name it is stored under.</summary>
    public string Name { get; }

    /// <summary>Length of every axis.</summary>
    public ReadOnlySpan<int> Shape => shape;

    /// <summary>All values; the tensor's own array.</summary>
    public float[] Data { get; }

    /// <summary>The same values in an array of its own.</summary>
    public Tensor Copy() => new(Name, shape, (float[])Data.Clone());

    /// <summary>"[16, 7, 3, 3]".</summary>
    internal static string Describe(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    private static int Count(ReadOnlySpan<int> shape)
    {
        var count = 1;
        foreach (var length in shape) count = checked(count * length);
        return count;
    }
}
