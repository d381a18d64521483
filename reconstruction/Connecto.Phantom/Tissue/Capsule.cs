namespace Connecto.Phantom.Tissue;

/// <summary>A stretch of a neurite's centre line with its weight radius, and what lies along it.</summary>
internal struct Capsule
{
    /// <summary>Begin of the axis, and the vector to its end; nm, before the warp.</summary>
    public Point3 Begin, Axis;

    /// <summary>Two unit vectors across the axis, carried along the path without twist.</summary>
    public Point3 Across, Up;

    /// <summary>1 / |Axis|^2, or 0.</summary>
    public float InverseLength2;

    /// <summary>Weight radius at the begin, and its change to the end, nm.</summary>
    public float Radius, RadiusStep;

    /// <summary>Half the room between the nearest other neurites here, nm; 0 before it is measured.</summary>
    public float Room;

    /// <summary>Room for a mitochondrion: less where a branch leaves, nm.</summary>
    public float MitoRoom;

    /// <summary>Radius of the mitochondrion at the begin and end, nm; 0 where there is none.</summary>
    public float MitoBegin, MitoEnd;

    /// <summary>Offset of the mitochondrion's axis along Across and Up, nm.</summary>
    public float MitoAcross, MitoUp;

    /// <summary>The neurite (compact id, from 1), the mitochondrion (0 = none), the path it belongs to.</summary>
    public int Neurite, Mito, Path;

    /// <summary>Nearest place on the axis, 0 to 1.</summary>
    public readonly float Nearest(Point3 q)
    {
        var s = Point3.Dot(q - Begin, Axis) * InverseLength2;
        return s < 0 ? 0 : s > 1 ? 1 : s;
    }

    /// <summary>Distance from the axis less the weight radius, nm.</summary>
    public readonly float Distance(Point3 q)
    {
        var s = Nearest(q);
        return (q - Begin - Axis * s).Length - (Radius + RadiusStep * s);
    }
}
