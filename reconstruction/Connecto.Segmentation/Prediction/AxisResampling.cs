using System.Diagnostics;

namespace Connecto.Segmentation.Prediction;

/// <summary>How one axis of an image maps to the network's pixels and back.</summary>
/// <remarks>Idea: pixel centres are matched, so both cover the same length. Shrinking takes a triangle as wide as two
/// target pixels (so fine detail cannot alias), growing takes the two nearest pixels. Given up: sharper kernels; the network
/// was trained with blur. Identity where the lengths agree, at no cost.</remarks>
internal sealed class AxisResampling
{
    private readonly double _step;
    private readonly int[] _first, _starts;
    private readonly float[] _weights;

    /// <summary>Maps an axis of <paramref name="image"/> pixels to <paramref name="network"/> pixels.</summary>
    public AxisResampling(int image, int network)
    {
        (Image, Network, _step) = (image, network, (double)image / network);
        (_first, _starts) = (new int[network], new int[network + 1]);
        var weights = new List<float>();
        var reach = Math.Max(1, _step);
        for (var i = 0; i < network; i++)
        {
            var centre = (i + 0.5) * _step - 0.5;
            var first = (int)Math.Floor(centre - reach) + 1;
            var past = (int)Math.Ceiling(centre + reach);
            if (image == network) (first, past) = (i, i + 1);
            var sum = 0.0;
            for (var j = first; j < past; j++) sum += reach - Math.Abs(j - centre);
            _first[i] = first;
            for (var j = first; j < past; j++) weights.Add((float)((reach - Math.Abs(j - centre)) / sum));
            _starts[i + 1] = weights.Count;
        }
        _weights = [.. weights];
    }

    /// <summary>Pixels of the image.</summary>
    public int Image { get; }

    /// <summary>Pixels of the network's plane.</summary>
    public int Network { get; }

    /// <summary>True when nothing is resampled.</summary>
    public bool IsIdentity => Image == Network;

    /// <summary>The first image pixel that a network pixel reads (may lie before the image), and its weights.</summary>
    public ReadOnlySpan<float> Taps(int network, out int first)
    {
        first = _first[network];
        return _weights.AsSpan(_starts[network].._starts[network + 1]);
    }

    /// <summary>The network pixel at or before an image pixel's centre, and the share of the next one.</summary>
    public (int Pixel, float Share) Back(int image)
    {
        if (IsIdentity) return (image, 0);
        var at = (image + 0.5) / _step - 0.5;
        var pixel = (int)Math.Floor(at);
        return (pixel, (float)(at - pixel));
    }

    /// <summary>The network's faces that the face below an image pixel stands on; a face bears the number of the pixel above
    /// it.</summary>
    /// <returns>The first and one past the last, and a share. Between finer pixels than the network's: the face at or before,
    /// and the share of the next one. Between coarser ones: all faces after the centre of the pixel below up to that of this
    /// one, and no share; every face of the network lies between exactly two centres.</returns>
    public (int First, int Past, float Share) Face(int image)
    {
        if (IsIdentity) return (image, image + 1, 0);
        if (Network > Image) return ((int)Math.Floor((image - 0.5) / _step) + 1, (int)Math.Floor((image + 0.5) / _step) + 1, 0);
        var at = image / _step;
        var first = (int)Math.Floor(at);
        return (first, first + 1, (float)(at - first));
    }

    /// <summary>The network pixel nearest to an image pixel's centre.</summary>
    public int Nearest(int image)
    {
        var nearest = (int)Math.Floor((image + 0.5) / _step);
        Debug.Assert(nearest >= 0 && nearest <= Network);
        return Math.Min(nearest, Network - 1);
    }
}
