using System.Runtime.CompilerServices;

namespace Connecto.Phantom.Imaging;

/// <summary>A periodic cube of smooth noise, mean 0 and variance 1, correlated over about 2.5 nodes. Reading it costs a
/// hundredth of computing noise; callers shift it by neurite, so that its period (64 nodes) does not show.</summary>
internal sealed class NoiseBank
{
    private const int Length = 64, Mask = Length - 1;
    private readonly float[] _nodes;

    public NoiseBank(ulong seed)
    {
        var key = PlaceRandom.Mix(seed + 0xBA14);
        _nodes = new float[Length * Length * Length];
        for (var i = 0; i < _nodes.Length; i++) _nodes[i] = PlaceRandom.Normal(PlaceRandom.Hash(key, (ulong)i));
        var scratch = new float[_nodes.Length];
        foreach (var step in new[] { 1, Length, Length * Length })
        {
            for (var i = 0; i < _nodes.Length; i++)
            {
                var at = i / step & Mask;
                int low = i + (((at + Mask) & Mask) - at) * step, high = i + (((at + 1) & Mask) - at) * step;
                scratch[i] = 0.5f * _nodes[i] + 0.25f * (_nodes[low] + _nodes[high]);
            }
            scratch.CopyTo(_nodes, 0);
        }
        double square = 0;
        foreach (var v in _nodes) square += (double)v * v;
        var scale = (float)(1 / Math.Sqrt(square / _nodes.Length));
        for (var i = 0; i < _nodes.Length; i++) _nodes[i] *= scale;
    }

    /// <summary>The node nearest to a place in units of nodes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Nearest(float z, float y, float x) =>
        _nodes[((Floor(z) & Mask) * Length + (Floor(y) & Mask)) * Length + (Floor(x) & Mask)];

    /// <summary>Linear in y and x, nearest in z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Plane(float z, float y, float x)
    {
        int iy = Floor(y), ix = Floor(x), zz = (Floor(z) & Mask) * Length;
        float ty = y - iy, tx = x - ix;
        int y0 = (zz + (iy & Mask)) * Length, y1 = (zz + ((iy + 1) & Mask)) * Length, x0 = ix & Mask, x1 = (ix + 1) & Mask;
        var a = _nodes[y0 + x0] + (_nodes[y0 + x1] - _nodes[y0 + x0]) * tx;
        var b = _nodes[y1 + x0] + (_nodes[y1 + x1] - _nodes[y1 + x0]) * tx;
        return a + (b - a) * ty;
    }

    /// <summary>Linear in all axes.</summary>
    public float Smooth(float z, float y, float x)
    {
        var iz = Floor(z);
        var a = Plane(iz, y, x);
        return a + (Plane(iz + 1, y, x) - a) * (z - iz);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Floor(float v)
    {
        var i = (int)v;
        return v < i ? i - 1 : i;
    }
}
