using Connecto.Volumes;

namespace Connecto.Segmentation.Training;

/// <summary>Turns a source's labels into the form that patches are cut from.</summary>
internal static class CellLabels
{
    /// <summary>Ids of cells: boundary ids to 0, ignored ids to unknown, others renumbered from 1 in order of value.</summary>
    /// <remarks>Where ids touch, voxels within <paramref name="erode"/> (z, y, x) of another cell become boundary.
    /// Unknown voxels erode nothing: what they are is not known.</remarks>
    public static Volume<uint> FromInstances(
        Volume<ulong> labels, IReadOnlyCollection<ulong> boundary, IReadOnlyCollection<ulong> ignore, Index3 erode)
    {
        var map = new Dictionary<ulong, uint>();
        foreach (var id in boundary) map[id] = TrainingVolume.Boundary;
        foreach (var id in ignore) map[id] = TrainingVolume.Unknown;
        var next = 1u;
        var cells = new Volume<uint>(labels.Shape);
        for (var i = 0; i < labels.Data.Length; i++)
        {
            if (!map.TryGetValue(labels.Data[i], out var cell)) map[labels.Data[i]] = cell = next++;
            cells.Data[i] = cell;
        }
        return erode == default ? cells : Erode(cells, erode);
    }

    /// <summary>Classes of pixels: each 4-connected part of a section that is neither boundary nor ignored is a cell of
    /// that section alone.</summary>
    public static Volume<uint> FromClasses(
        Volume<ulong> classes, IReadOnlyCollection<ulong> boundary, IReadOnlyCollection<ulong> ignore)
    {
        const uint Fresh = uint.MaxValue - 1;
        var cells = new Volume<uint>(classes.Shape);
        for (var i = 0; i < cells.Data.Length; i++)
            cells.Data[i] = boundary.Contains(classes.Data[i]) ? TrainingVolume.Boundary
                : ignore.Contains(classes.Data[i]) ? TrainingVolume.Unknown
                : Fresh;
        var (next, width) = (1u, classes.Shape.X);
        var stack = new Stack<int>();
        for (var z = 0; z < classes.Shape.Z; z++)
        {
            var section = cells.Slice(z);
            for (var start = 0; start < section.Length; start++)
            {
                if (section[start] != Fresh) continue;
                Visit(section, start, next);
                while (stack.TryPop(out var at))
                {
                    var x = at % width;
                    if (x > 0) Visit(section, at - 1, next);
                    if (x < width - 1) Visit(section, at + 1, next);
                    if (at >= width) Visit(section, at - width, next);
                    if (at + width < section.Length) Visit(section, at + width, next);
                }
                next++;
            }
        }
        return cells;

        void Visit(Span<uint> section, int at, uint id)
        {
            if (section[at] != Fresh) return;
            section[at] = id;
            stack.Push(at);
        }
    }

    private static Volume<uint> Erode(Volume<uint> cells, Index3 by)
    {
        var (shape, eroded) = (cells.Shape, new Volume<uint>(cells.Shape));
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
                for (var x = 0; x < shape.X; x++)
                {
                    var id = cells[z, y, x];
                    var cut = id is not (TrainingVolume.Boundary or TrainingVolume.Unknown)
                        && (Meets(id, z, y, x, new(1, 0, 0), by.Z) || Meets(id, z, y, x, new(0, 1, 0), by.Y)
                            || Meets(id, z, y, x, new(0, 0, 1), by.X));
                    eroded[z, y, x] = cut ? TrainingVolume.Boundary : id;
                }
        return eroded;

        bool Meets(uint id, int z, int y, int x, Index3 step, int reach)
        {
            for (var d = -reach; d <= reach; d++)
            {
                int a = z + d * step.Z, b = y + d * step.Y, c = x + d * step.X;
                if (a < 0 || b < 0 || c < 0 || a >= shape.Z || b >= shape.Y || c >= shape.X) continue;
                var other = cells[a, b, c];
                if (other != id && other != TrainingVolume.Unknown) return true;
            }
            return false;
        }
    }
}
