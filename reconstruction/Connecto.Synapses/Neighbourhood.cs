using Connecto.Volumes;

namespace Connecto.Synapses;

/// <summary>The steps to all voxels within a distance, nearest first; a voxel itself is the first.</summary>
internal sealed class Neighbourhood
{
    public Neighbourhood(VoxelSize voxelSize, double reachNm)
    {
        int rz = (int)(reachNm / voxelSize.Z), ry = (int)(reachNm / voxelSize.Y), rx = (int)(reachNm / voxelSize.X);
        var steps = new List<(double Squared, int Z, int Y, int X)>();
        for (var z = -rz; z <= rz; z++)
            for (var y = -ry; y <= ry; y++)
                for (var x = -rx; x <= rx; x++)
                {
                    double dz = z * voxelSize.Z, dy = y * voxelSize.Y, dx = x * voxelSize.X;
                    var squared = dz * dz + dy * dy + dx * dx;
                    if (squared <= reachNm * reachNm) steps.Add((squared, z, y, x));
                }
        steps.Sort();
        Steps = [.. steps.Select(s => new Index3(s.Z, s.Y, s.X))];
        InsideBegin = steps.Count(s => s.Squared < reachNm * reachNm / 9);
        InsideEnd = steps.Count(s => s.Squared <= reachNm * reachNm * 4 / 9);
    }

    /// <summary>The first step of at least a third of the distance.</summary>
    public int InsideBegin { get; }

    /// <summary>One past the last step of at most two thirds of it.</summary>
    public int InsideEnd { get; }

    public Index3[] Steps { get; }
}
