using System.Runtime.CompilerServices;
using Connecto.Segmentation.Model;

namespace Connecto.Segmentation.Prediction;

/// <summary>How far images lie from those that a model was trained on.</summary>
/// <param name="HistogramDistance">Half the summed difference of the grey histograms: 0 alike, 1 nothing in common.</param>
/// <param name="MirrorDistance">The same with black and white of the training sections exchanged.</param>
/// <param name="RoughnessRatio">Mean difference of neighbouring pixels over that of the training sections: below 1 for
/// blurred or oversampled images, above for noisy ones.</param>
/// <param name="IsKnown">False before anything was predicted, or when the model carries no statistics.</param>
/// <remarks>Normalisation brings all images to one range first, so histograms of real stacks lie near each other and small
/// distances tell much.</remarks>
public readonly record struct InputLikeness(double HistogramDistance, double MirrorDistance, double RoughnessRatio, bool IsKnown)
{
    // Stacks of other laboratories lie 0.02 to 0.1 from the training sections and at least half as far from their negative,
    // inverted ones 0.08 to 0.12 and a third as far from the negative.
    private const double FarGrey = 0.2, LeastGrey = 0.06, MirrorShare = 0.45;
    private const double Blurred = 0.55, Noisy = 1.9;

    /// <summary>True when predictions should be looked at before they are trusted.</summary>
    public bool LooksUnlikeTraining => Reason is not null;

    /// <summary>What is unlike, as half a sentence about the image; null where nothing is.</summary>
    public string? Reason =>
        !IsKnown ? null
        : HistogramDistance > LeastGrey && MirrorDistance < MirrorShare * HistogramDistance
            ? FormattableString.Invariant($"has grey levels like the training sections' negative ({HistogramDistance:0.00} apart, {MirrorDistance:0.00} from the negative), as if its contrast were inverted")
        : HistogramDistance > FarGrey ? FormattableString.Invariant($"has other grey levels ({HistogramDistance:0.00} apart, of 1)")
        : RoughnessRatio < Blurred ? FormattableString.Invariant($"is blurrier ({RoughnessRatio:0.00} times as rough)")
        : RoughnessRatio > Noisy ? FormattableString.Invariant($"is noisier ({RoughnessRatio:0.00} times as rough)")
        : null;
}

/// <summary>Grey histogram and roughness of the sections read; sums of whole numbers, so threads may add in any order.</summary>
internal sealed class InputStatistics
{
    private readonly long[] _bins = new long[16];
    private readonly Lock _lock = new();
    private long _differences, _pairs, _pixels;

    /// <summary>Counts the core of a network input plane; every fourth row is enough.</summary>
    public void Add(EmModelInfo info, ReadOnlySpan<float> plane, PredictionGrid grid)
    {
        var (tally, row) = (new Tally(), new byte[grid.CoreX]);
        for (var y = grid.OverlapY; y < grid.TileY - grid.OverlapY; y += 4)
        {
            var values = plane.Slice(y * grid.TileX + grid.OverlapX, grid.CoreX);
            for (var x = 0; x < row.Length; x++)
                row[x] = (byte)Math.Clamp((int)((values[x] / info.InputScale + info.InputMean) * 255 + 0.5), 0, 255);
            tally.Add(row);
        }
        Add(tally);
    }

    /// <summary>The same for a plane of bytes.</summary>
    public void Add(ReadOnlySpan<byte> plane, PredictionGrid grid)
    {
        var tally = new Tally();
        for (var y = grid.OverlapY; y < grid.TileY - grid.OverlapY; y += 4)
            tally.Add(plane.Slice(y * grid.TileX + grid.OverlapX, grid.CoreX));
        Add(tally);
    }

    /// <summary>Compares what was counted with a model's training sections.</summary>
    public InputLikeness Compare(EmModelInfo info)
    {
        lock (_lock)
        {
            if (_pixels == 0 || _pairs == 0 || info.Histogram.Length != 16 || info.Roughness <= 0) return default;
            var (distance, mirror) = (0.0, 0.0);
            for (var i = 0; i < 16; i++)
            {
                distance += Math.Abs((double)_bins[i] / _pixels - info.Histogram[i]) / 2;
                mirror += Math.Abs((double)_bins[i] / _pixels - info.Histogram[15 - i]) / 2;
            }
            return new(distance, mirror, (double)_differences / _pairs / info.Roughness, true);
        }
    }

    private void Add(Tally tally)
    {
        lock (_lock)
        {
            for (var i = 0; i < 16; i++) _bins[i] += tally.Bins[i];
            (_differences, _pairs, _pixels) = (_differences + tally.Differences, _pairs + tally.Pairs, _pixels + tally.Pixels);
        }
    }

    // Counts of one plane, before they are added to those of all.
    private sealed class Tally
    {
        public long[] Bins { get; } = new long[16];
        public long Differences { get; private set; }
        public long Pairs { get; private set; }
        public long Pixels { get; private set; }

        // Short runs are over before hot loops would be compiled again.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Add(ReadOnlySpan<byte> row)
        {
            foreach (var grey in row) Bins[grey >> 4]++;
            var differences = 0;
            for (var x = 1; x < row.Length; x++) differences += Math.Abs(row[x] - row[x - 1]);
            (Differences, Pairs, Pixels) = (Differences + differences, Pairs + row.Length - 1, Pixels + row.Length);
        }
    }

    /// <summary>Histogram and roughness of whole sections of bytes, as a model stores them.</summary>
    public static (double[] Histogram, double Roughness) Of(IEnumerable<(byte[] Section, int Width)> sections)
    {
        var bins = new long[16];
        long differences = 0, pairs = 0, pixels = 0;
        foreach (var (section, width) in sections)
            for (var i = 0; i < section.Length; i++)
            {
                bins[section[i] >> 4]++;
                pixels++;
                if (i % width != 0) (differences, pairs) = (differences + Math.Abs(section[i] - section[i - 1]), pairs + 1);
            }
        return ([.. bins.Select(b => Math.Round((double)b / Math.Max(1, pixels), 5))],
            Math.Round((double)differences / Math.Max(1, pairs), 4));
    }
}
