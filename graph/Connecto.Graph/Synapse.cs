namespace Connecto.Graph;

/// <summary>One contact: a presynaptic site, a cleft and one postsynaptic site.</summary>
/// <param name="Id">Unique, from 1.</param>
/// <param name="Pre">The presynaptic neuron; 0 when unknown.</param>
/// <param name="Post">The postsynaptic neuron; 0 when unknown.</param>
/// <param name="Cleft">Centre of the cleft.</param>
/// <param name="PreSite">A point inside the presynaptic neuron.</param>
/// <param name="PostSite">A point inside the postsynaptic neuron.</param>
/// <param name="Size">Voxels of cleft that belong to this contact.</param>
/// <param name="Score">Mean probability of the cleft, 0 to 1.</param>
/// <param name="Block">The block of the volume that found it.</param>
public readonly record struct Synapse(
    ulong Id, ulong Pre, ulong Post, Site Cleft, Site PreSite, Site PostSite, long Size, float Score, int Block);

/// <summary>A point in the volume's frame, nanometres, in the order z, y, x.</summary>
public readonly record struct Site(float Z, float Y, float X)
{
    /// <summary>Distance to another point, nm.</summary>
    public double DistanceTo(Site other)
    {
        double z = Z - other.Z, y = Y - other.Y, x = X - other.X;
        return Math.Sqrt(z * z + y * y + x * x);
    }
}
