using Connecto.Phantom.Tissue;

namespace Connecto.Phantom.Organelles;

/// <summary>A presynaptic site: where a neurite releases onto one to four partners across one cleft.</summary>
/// <param name="Centre">On the wall between the neurite and its first partner; tissue, nm.</param>
/// <param name="Normal">Unit, from the presynaptic neurite outwards.</param>
/// <param name="Radius">Of the cleft, nm.</param>
/// <param name="Pre">The presynaptic neurite.</param>
/// <param name="Posts">Its partners, first the one across the centre; never <paramref name="Pre"/>.</param>
/// <param name="Key">Random key of the site.</param>
internal sealed record SynapseSite(Point3 Centre, Point3 Normal, float Radius, int Pre, int[] Posts, ulong Key)
{
    /// <summary>Vesicles reach this far from the centre, nm.</summary>
    public const float VesicleReach = 360;

    public bool HasPost(int neurite) => Array.IndexOf(Posts, neurite) >= 0;
}
