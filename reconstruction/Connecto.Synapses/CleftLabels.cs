using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>Finds the 26-connected sets of probable voxels in a block.</summary>
/// <remarks>Clefts are rare, so probable voxels are listed and flooded from list and hash set: O(V) to scan, and memory
/// for cleft voxels only.</remarks>
internal static class CleftLabels
{
    /// <summary>The parts of clefts inside the block's core.</summary>
    public static List<CleftPart> Find(ReadOnlySpan<byte> cleft, BlockFrame frame, byte low)
    {
        var probable = Probable(cleft, frame, low);
        var waiting = new HashSet<Index3>(probable);
        var parts = new List<CleftPart>();
        var stack = new Stack<Index3>();
        foreach (var seed in probable)
        {
            if (!waiting.Remove(seed)) continue;
            var part = new CleftPart(frame.Block, frame.Volume);
            parts.Add(part);
            stack.Push(seed);
            while (stack.TryPop(out var at))
            {
                part.Add(at);
                foreach (var step in Steps)
                    if (waiting.Remove(at + step))
                        stack.Push(at + step);
            }
        }
        return parts;
    }

    /// <summary>The steps to the 26 neighbours.</summary>
    public static readonly Index3[] Steps =
    [
        .. from z in Enumerable.Range(-1, 3) from y in Enumerable.Range(-1, 3) from x in Enumerable.Range(-1, 3)
           where (z, y, x) != (0, 0, 0) select new Index3(z, y, x),
    ];

    private static List<Index3> Probable(ReadOnlySpan<byte> cleft, BlockFrame frame, byte low)
    {
        var probable = new List<Index3>();
        for (var z = frame.Core.Begin.Z; z < frame.Core.End.Z; z++)
            for (var y = frame.Core.Begin.Y; y < frame.Core.End.Y; y++)
            {
                var row = cleft.Slice(frame.Local(new(z, y, frame.Core.Begin.X)), frame.Core.Shape.X);
                for (var x = 0; x < row.Length; x++)
                {
                    var skip = row[x..].IndexOfAnyInRange(low, byte.MaxValue);
                    if (skip < 0) break;
                    x += skip;
                    probable.Add(new(z, y, frame.Core.Begin.X + x));
                }
            }
        return probable;
    }
}
