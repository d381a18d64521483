using System.Runtime.InteropServices;
using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>What a flood knows of each voxel, 11 bytes; laid out as <see cref="FloodLayout"/> says. Reused block after
/// block.</summary>
internal sealed unsafe class FloodMemory : IDisposable
{
    private const int BytesPerPlace = 11;
    private byte* _base;
    private long _bytes;

    /// <summary>The layout that the memory has now.</summary>
    public FloodLayout Layout { get; private set; }

    /// <summary>255 - affinity, at most 254, to the lower neighbour in x, y, z; 255 where there is none.</summary>
    public byte* CostX => _base;

    /// <inheritdoc cref="CostX"/>
    public byte* CostY => _base + (long)Layout.Length;

    /// <inheritdoc cref="CostX"/>
    public byte* CostZ => _base + 2L * Layout.Length;

    /// <summary>Distance to the boundary; 0 = boundary.</summary>
    public byte* Levels => _base + 3L * Layout.Length;

    /// <summary>Which neighbour a voxel follows, a <see cref="Way"/>.</summary>
    public byte* Ways => _base + 4L * Layout.Length;

    /// <summary>The dearest face on the way from a seed so far.</summary>
    public byte* Reached => _base + 5L * Layout.Length;

    /// <summary>The same, of the round that is being worked out.</summary>
    public byte* ReachedNext => _base + 6L * Layout.Length;

    /// <summary>Labels; 0 = none.</summary>
    public int* Labels => (int*)(_base + ((7L * Layout.Length + 63) & ~63L));

    /// <summary>Lays the memory out for a shape; all of it becomes guard.</summary>
    public void Prepare(Index3 shape)
    {
        if (_base is not null && Layout.Shape == shape) return;
        Layout = new FloodLayout(shape);
        var bytes = Layout.Length * (long)BytesPerPlace + 256;
        if (bytes > _bytes)
        {
            NativeMemory.AlignedFree(_base);
            _base = null;
            _base = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, 64);
            _bytes = bytes;
        }
        var one = (nuint)Layout.Length;
        NativeMemory.Fill(CostX, 3 * one, FloodLayout.Unreached);
        NativeMemory.Clear(Levels, 2 * one);
        NativeMemory.Fill(Reached, 2 * one, FloodLayout.Unreached);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_base);
        _base = null;
        GC.SuppressFinalize(this);
    }

    ~FloodMemory() => NativeMemory.AlignedFree(_base);
}
