using System.Runtime.InteropServices;

namespace Connecto.Benchmarks;

/// <summary>Memory that does not move and begins at a page, for kernels here and in the peers' libraries.</summary>
/// <remarks>Aligned alike for everyone: a vector load that crosses a cache line costs two.</remarks>
internal sealed unsafe class AlignedBuffer<T>(int length) : IDisposable where T : unmanaged
{
    private const int Page = 4096;

    private void* data = NativeMemory.AlignedAlloc((nuint)length * (nuint)sizeof(T) + Page, Page);

    public nint Address => (nint)data;

    public Span<T> Span => new(data, length);

    public void Dispose()
    {
        NativeMemory.AlignedFree(data);
        data = null;
    }
}
