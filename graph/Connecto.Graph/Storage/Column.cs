using System.Runtime.CompilerServices;

namespace Connecto.Graph;

/// <summary>Values of one kind that lie in an array or in a memory map. Whoever hands out a mapped column keeps its map.</summary>
internal readonly unsafe struct Column<T> where T : unmanaged
{
    private readonly T[]? _array;
    private readonly T* _mapped;

    public Column(T[] array) => (_array, Length) = (array, array.Length);

    /// <param name="mapped">Stays mapped for as long as the column is used.</param>
    /// <param name="length">Values there.</param>
    public Column(T* mapped, int length)
    {
        _mapped = mapped;
        Length = length;
    }

    public int Length { get; }

    public ReadOnlySpan<T> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _array is not null ? _array : new ReadOnlySpan<T>(_mapped, Length);
    }

    public T this[int i]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Span[i];
    }

    public static implicit operator Column<T>(T[] array) => new(array);
}
