using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Merges fragments into segments by the mean affinity on their common faces, best pair first.</summary>
/// <remarks>
/// The idea: take the best edge of the region graph, merge its ends, add up the faces to common neighbours, go on until
/// no edge reaches the threshold (Funke et al. 2018, "mean affinity"; by default the root mean square, see FaceMean).
/// In stacks of sections the pieces of one section are merged first, strictly; only then sections are joined, by the
/// same rule, where a thin overlap counts less, and so does one that a better overlap competes with; faces within sections
/// then count by the ratio of the two thresholds, so that what the first pass kept apart stays apart. What keeps two
/// neighbours of one section apart then is that the faces between them weigh in whenever a piece above joins one of
/// them. Given up: merging by quantiles, and the delay at block borders of abiss; the whole graph is merged at once.
/// </remarks>
public static class Agglomeration
{
    /// <summary>Merges.</summary>
    /// <param name="graph">The region graph.</param>
    /// <param name="voxelSize">nm; turns volumes into voxels.</param>
    /// <param name="options">Thresholds; <see cref="AgglomerationOptions.For"/> has the defaults.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>For each fragment its segment, numbered 1..n in the order of each one's lowest fragment id.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <remarks>O(E log E) in edges, about 140 B an edge. One thread; same graph, same segments.</remarks>
    public static Relabelling Merge(RegionGraph graph, VoxelSize voxelSize, AgglomerationOptions options,
        CancellationToken cancel = default)
    {
        options.Validate();
        var merger = new RegionMerger(graph, options, voxelSize);
        if (options.PlaneThreshold < 1)
        {
            merger.Merge(options.PlaneThreshold, FaceKind.Plane, cancel);
            merger.WeakenRivals();
            merger.WeakenThinOverlaps();
            merger.WeakenPlanes(Math.Min(1, options.Threshold / options.PlaneThreshold));
        }
        merger.Merge(options.Threshold, FaceKind.Any, cancel);
        merger.AbsorbSmall(cancel);
        return new Relabelling(graph.Fragments.ToArray(), merger.Number());
    }
}
