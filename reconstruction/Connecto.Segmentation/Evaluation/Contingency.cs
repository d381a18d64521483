using System.Runtime.InteropServices;

namespace Connecto.Segmentation;

/// <summary>Voxels by pair of truth id and result id; from it all scores of a segmentation follow.</summary>
/// <remarks>Pairs whose truth is 0 are not counted. Sums are whole numbers: the order of adding does not
/// matter.</remarks>
public sealed class Contingency
{
    private readonly Dictionary<(ulong Truth, ulong Result), long> _voxels = [];

    /// <summary>Number of voxels counted.</summary>
    public long Voxels { get; private set; }

    /// <summary>Counts voxels; both spans have the same length.</summary>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public void Add(ReadOnlySpan<ulong> truth, ReadOnlySpan<ulong> result)
    {
        if (truth.Length != result.Length)
            throw new ArgumentException($"{truth.Length} truth voxels cannot be compared with {result.Length}.");
        for (var i = 0; i < truth.Length;)
        {
            ulong t = truth[i], r = result[i];
            var begin = i++;
            while (i < truth.Length && truth[i] == t && result[i] == r) i++;
            Add(t, r, i - begin);
        }
    }

    /// <summary>Counts voxels of one pair; a truth of 0 is passed over.</summary>
    public void Add(ulong truth, ulong result, long voxels)
    {
        if (truth == 0) return;
        CollectionsMarshal.GetValueRefOrAddDefault(_voxels, (truth, result), out _) += voxels;
        Voxels += voxels;
    }

    /// <summary>The pairs met, in no order.</summary>
    public IEnumerable<(ulong Truth, ulong Result, long Voxels)> Pairs =>
        _voxels.Select(pair => (pair.Key.Truth, pair.Key.Result, pair.Value));

    /// <summary>The same table with truth ids replaced.</summary>
    internal Contingency MapTruth(Func<ulong, ulong> map)
    {
        var result = new Contingency();
        foreach (var (truth, segment, voxels) in Pairs) result.Add(map(truth), segment, voxels);
        return result;
    }
}
