using System.Numerics;
using System.Runtime.CompilerServices;

namespace Connecto.Sparse.Decode;

/// <summary>What is done to the sums of a row: scale, bias, activation.</summary>
internal sealed unsafe class RowEpilogue
{
    private readonly float[] scales, bias;
    private readonly float floor;

    public RowEpilogue(ReadOnlySpan<float> scales, DecodeOptions options)
    {
        this.scales = scales.ToArray();
        bias = options.Bias?.ToArray() ?? new float[scales.Length];
        floor = options.Activation == ProductActivation.Relu ? 0 : float.NegativeInfinity;
    }

    /// <summary>In place: y = activation(y * scale + bias), the product rounded before the sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Finish(float* y, int begin, int end)
    {
        fixed (float* scale = scales, added = bias)
        {
            var row = begin;
            for (; row + Vector<float>.Count <= end; row += Vector<float>.Count)
                Vector.Store(
                    Vector.Max(Vector.Load(y + row) * Vector.Load(scale + row) + Vector.Load(added + row), new(floor)), y + row);
            for (; row < end; row++) y[row] = Math.Max(y[row] * scale[row] + added[row], floor);
        }
    }

    /// <summary>In place, integers to floats: y = activation(float(y) * (scale * inputScale) + bias).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Finish(float* y, int begin, int end, float inputScale)
    {
        fixed (float* scale = scales, added = bias)
        {
            var row = begin;
            for (; row + Vector<float>.Count <= end; row += Vector<float>.Count)
                Vector.Store(
                    Vector.Max(
                        Vector.ConvertToSingle(Vector.Load((int*)y + row)) * (Vector.Load(scale + row) * inputScale) +
                            Vector.Load(added + row),
                        new(floor)),
                    y + row);
            for (; row < end; row++) y[row] = Math.Max(((int*)y)[row] * (scale[row] * inputScale) + added[row], floor);
        }
    }
}
