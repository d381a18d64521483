using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Which voxels touch.</summary>
public enum Connectivity
{
    /// <summary>6 neighbours: those that share a face.</summary>
    Faces = 6,

    /// <summary>18 neighbours: a face or an edge.</summary>
    Edges = 18,

    /// <summary>26 neighbours: a face, an edge or a corner.</summary>
    Corners = 26,
}

/// <summary>Relabels a label volume by its connected components.</summary>
/// <remarks>
/// The idea: cut rows into runs of one label; join runs of neighbouring rows that touch and carry the same label
/// (union-find, the lower run stays root); number the roots in order. Runs are far fewer than voxels, so the cost is
/// one read and one write a voxel. After Rosenfeld and Pfaltz 1966; runs as in He et al. 2008. Given up: nothing.
/// </remarks>
public static class ConnectedComponents
{
    /// <summary>Labels components: equal labels that touch; 0 is background.</summary>
    /// <param name="labels">Shape (z, y, x), one channel.</param>
    /// <param name="connectivity">Which voxels touch.</param>
    /// <param name="components">Written in full: 0, or 1..n in the order of each component's first voxel; may be
    /// <paramref name="labels"/> itself.</param>
    /// <returns>n.</returns>
    /// <exception cref="ArgumentException">Shapes differ, or a connectivity that is not one.</exception>
    /// <remarks>O(V); 16 B a run of scratch. Deterministic.</remarks>
    public static long Label(Volume<ulong> labels, Connectivity connectivity, Volume<ulong> components)
    {
        if (labels.Shape != components.Shape || labels.Channels != 1 || components.Channels != 1)
            throw new ArgumentException(
                $"Components have the labels' shape {labels.Shape}; found {components.Channels} x {components.Shape}.");
        if (connectivity is not (Connectivity.Faces or Connectivity.Edges or Connectivity.Corners))
            throw new ArgumentException($"Connectivity is 6, 18 or 26; found {(int)connectivity}.",
                nameof(connectivity));
        var runs = LabelRuns.Of(labels);
        JoinRows(runs, labels.Shape, connectivity);
        return runs.Number(components);
    }

    private static void JoinRows(LabelRuns runs, Index3 shape, Connectivity connectivity)
    {
        var inRow = connectivity == Connectivity.Faces ? 0 : 1;
        var diagonal = connectivity == Connectivity.Corners ? 1 : 0;
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
            {
                var row = z * shape.Y + y;
                if (y > 0) runs.Join(row, row - 1, inRow);
                if (z == 0) continue;
                var below = row - shape.Y;
                runs.Join(row, below, inRow);
                if (connectivity == Connectivity.Faces) continue;
                if (y > 0) runs.Join(row, below - 1, diagonal);
                if (y + 1 < shape.Y) runs.Join(row, below + 1, diagonal);
            }
    }
}
