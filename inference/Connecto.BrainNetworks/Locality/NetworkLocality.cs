using Connecto.Sparse;

namespace Connecto.BrainNetworks;

/// <summary>How near in memory the neurons lie that belong together: cache lines of 64 bytes, 16 activities each, which the
/// order of neurons decides over.</summary>
public sealed record NetworkLocality
{
    /// <summary>Bytes of a cache line.</summary>
    public const int LineBytes = 64;

    /// <summary>Bytes of the cache that <see cref="ProductBytesBeyondCache"/> supposes.</summary>
    public const int CacheBytes = 32 << 10;

    /// <summary>Bytes of input activities touched in one product with all weights: every row's different lines.</summary>
    public required long ProductBytes { get; init; }

    /// <summary>What of these a cache of 32 KiB (8 ways, least recently used) does not hold when they are asked for.</summary>
    public required long ProductBytesBeyondCache { get; init; }

    /// <summary>Bytes of targets touched when one neuron spikes: its column's different lines; the mean of neurons with targets.</summary>
    public required double BytesASpike { get; init; }

    /// <summary>Mean distance of the numbers of connected neurons.</summary>
    public required double MeanDistance { get; init; }

    /// <summary>Measures layers.</summary>
    /// <remarks>O(weights).</remarks>
    internal static NetworkLocality Of(IReadOnlyList<NetworkLayer> layers)
    {
        var cache = new LineCache(CacheBytes / LineBytes);
        long lines = 0, missed = 0, pushed = 0, distance = 0, weights = 0;
        var senders = new HashSet<int>();
        foreach (var layer in layers)
        {
            var matrix = layer.Weights;
            var last = new int[matrix.Columns];
            for (var row = 0; row < matrix.Rows; row++)
            {
                var (line, target) = (-1, (layer.FirstRow + row) / Activities + 1);
                foreach (var column in matrix.ColumnIndices[matrix.RowStarts[row]..matrix.RowStarts[row + 1]])
                {
                    weights++;
                    distance += Math.Abs(layer.FirstRow + row - column);
                    if (last[column] != target) pushed++;
                    if (last[column] == 0) senders.Add(column);
                    last[column] = target;
                    if (column / Activities == line) continue;
                    line = column / Activities;
                    lines++;
                    if (!cache.Touch(line)) missed++;
                }
            }
        }
        return new NetworkLocality
        {
            ProductBytes = lines * LineBytes,
            ProductBytesBeyondCache = missed * LineBytes,
            BytesASpike = senders.Count == 0 ? 0 : (double)pushed * LineBytes / senders.Count,
            MeanDistance = weights == 0 ? 0 : (double)distance / weights,
        };
    }

    private const int Activities = LineBytes / sizeof(float);

    /// <summary>A cache of lines: sets of 8, the one used longest ago makes room.</summary>
    private sealed class LineCache(int lines)
    {
        private const int Ways = 8;
        private readonly int[] _lines = [.. Enumerable.Repeat(-1, lines)];

        public bool Touch(int line)
        {
            var set = _lines.AsSpan(line % (_lines.Length / Ways) * Ways, Ways);
            var at = set.IndexOf(line);
            set[..(at < 0 ? Ways - 1 : at)].CopyTo(set[1..]);
            set[0] = line;
            return at >= 0;
        }
    }
}
