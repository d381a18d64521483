using Connecto.Phantom.Organelles;
using Connecto.Phantom.Tissue;

namespace Connecto.Phantom.Imaging;

/// <summary>A capsule as the pixel loop reads it.</summary>
internal readonly record struct TileCapsule(Point3 Begin, Point3 Axis, float InverseLength2, float Radius, float RadiusStep, int Neurite, int Index);

/// <summary>Working arrays of the painter, kept from section to section.</summary>
internal sealed class PaintScratch
{
    /// <summary>The warp's displacements at the nodes of the section, nm.</summary>
    public Point3[] Nodes = [];

    /// <summary>Capsules near the block and near the tile in work, and their distances.</summary>
    public int[] Block = new int[256];
    public TileCapsule[] Capsules = new TileCapsule[256];
    public float[] Distances = new float[256];
    public readonly List<int> Sites = [];
    public float[] Line = [];
}
