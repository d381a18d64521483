using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Scores a segmentation section by section, as membranes are scored: by the regions that they part.</summary>
/// <remarks>
/// The idea: what a membrane map is good for shows in the regions that it cuts a section into. So every section's segments are
/// cut into 4-connected regions, regions grow over the background between them until they touch (border thinning: how
/// wide a membrane is drawn must not matter), and they are compared with the truth's 4-connected regions on the pixels of
/// these alone. After Arganda-Carreras et al. 2015. Given up: their search for the best threshold of a membrane map, since a
/// segmentation has none.
/// </remarks>
public static class PlaneScorer
{
    /// <summary>Scores every section.</summary>
    /// <param name="result">The segmentation, channel 0; 0 is membrane or background.</param>
    /// <param name="truth">The truth, channel 0, of the same shape; 0 is membrane.</param>
    /// <param name="options">Ids of the truth that are not scored, and the box; regions are always components.</param>
    /// <param name="cancel">Stops between sections.</param>
    /// <returns>The sections that have a pixel to score, with their numbers.</returns>
    /// <exception cref="ArgumentException">Shapes differ, or the box leaves them.</exception>
    /// <remarks>Memory: a section of both. O(pixels).</remarks>
    public static IReadOnlyList<(int Section, PlaneScore Score)> Compute(
        ChunkedVolume<ulong> result, ChunkedVolume<ulong> truth, ScoreOptions options, CancellationToken cancel = default)
    {
        if (result.Shape != truth.Shape)
            throw new ArgumentException($"The result's shape is {result.Shape}, the truth's {truth.Shape}; they must be equal.");
        var box = options.Box ?? Box.Of(truth.Shape);
        if (!Box.Of(truth.Shape).Contains(box))
            throw new ArgumentException($"The scored box {box} leaves the volume {truth.Shape}.", nameof(options));
        var ignored = options.Ignore.ToHashSet();
        var scores = new List<(int, PlaneScore)>();
        foreach (var section in box.IsEmpty ? [] : box.Tile(new(1, box.Shape.Y, box.Shape.X)))
        {
            cancel.ThrowIfCancellationRequested();
            var regions = truth.Read(section);
            foreach (ref var id in regions.Data.AsSpan())
                if (ignored.Contains(id))
                    id = 0;
            ConnectedComponents.Label(regions, Connectivity.Faces, regions);
            var found = result.Read(section);
            ConnectedComponents.Label(found, Connectivity.Faces, found);
            Grow(found);
            var table = new Contingency();
            table.Add(regions.Data.AsSpan(0, (int)section.Count), found.Data.AsSpan(0, (int)section.Count));
            if (table.Voxels > 0) scores.Add((section.Begin.Z, PlaneScore.Of(table)));
        }
        return scores;
    }

    /// <summary>Gives every background pixel to the region that is nearest in steps from pixel to pixel; of several, to that
    /// which comes first where the ring before is read in the order it was found, up, left, right, down.</summary>
    /// <param name="section">One section; it stays background where it has no region at all.</param>
    internal static void Grow(Volume<ulong> section)
    {
        var (height, width, ids) = (section.Shape.Y, section.Shape.X, section.Data);
        var queue = new Queue<int>();
        for (var i = 0; i < height * width; i++)
            if (ids[i] != 0)
                queue.Enqueue(i);
        while (queue.TryDequeue(out var at))
        {
            var (y, x) = (at / width, at % width);
            if (y > 0) Give(at - width);
            if (x > 0) Give(at - 1);
            if (x + 1 < width) Give(at + 1);
            if (y + 1 < height) Give(at + width);

            void Give(int to)
            {
                if (ids[to] != 0) return;
                ids[to] = ids[at];
                queue.Enqueue(to);
            }
        }
    }
}
