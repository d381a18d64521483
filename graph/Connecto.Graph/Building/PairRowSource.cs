using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Connecto.Graph;

/// <summary>Rows of the columns just written, as rows to be sorted by pair; safe from several threads.</summary>
internal sealed class PairRowSource : IDisposable
{
    private const int Piece = 1 << 14;

    private readonly SafeFileHandle _pairs, _sizes, _scores;
    private readonly int[] _places;
    private readonly int _bits;
    private readonly ConnectomeBuildOptions _options;
    private long _autapses;

    public PairRowSource(ConnectomeColumns columns, string pairs, int[] places, int bits, ConnectomeBuildOptions options)
    {
        (_places, _bits, _options) = (places, bits, options);
        _pairs = ColumnPieces.Open(pairs);
        _sizes = ColumnPieces.Open(columns.PathOf("synapses.size"));
        _scores = ColumnPieces.Open(columns.PathOf("synapses.score"));
    }

    public long Autapses => _autapses;

    /// <summary>Fills a run; rows that make no edge are left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Fill(int first, Span<SortRow> target)
    {
        var pairs = new (uint Pre, uint Post)[Piece];
        var (sizes, scores) = (new long[Piece], new float[Piece]);
        int filled = 0, autapses = 0;
        for (int at = 0, n; at < target.Length; at += n)
        {
            n = Math.Min(Piece, target.Length - at);
            ColumnPieces.Read(_pairs, first + at, pairs.AsSpan(0, n), header: 0);
            ColumnPieces.Read(_sizes, first + at, sizes.AsSpan(0, n));
            ColumnPieces.Read(_scores, first + at, scores.AsSpan(0, n));
            for (var i = 0; i < n; i++)
            {
                var (pre, post) = pairs[i];
                if (pre == SynapseIntake.Unknown || post == SynapseIntake.Unknown) continue;
                if (pre == post)
                {
                    if (_options.Autapses == AutapseRule.Refuse)
                        throw new InvalidDataException(
                            $"Row {first + at + i} of {_options.Table} connects a neuron with itself, and autapses are refused; no connectome was built.");
                    autapses++;
                    if (_options.Autapses == AutapseRule.Drop) continue;
                }
                ref var row = ref target[filled++];
                row.Key = ((ulong)(uint)_places[pre] << _bits) | (uint)_places[post];
                (row.Row, row.Size, row.Score) = (first + at + i, sizes[i], scores[i]);
            }
        }
        Interlocked.Add(ref _autapses, autapses);
        return filled;
    }

    public void Dispose()
    {
        _pairs.Dispose();
        _sizes.Dispose();
        _scores.Dispose();
    }
}
