using System.Runtime.CompilerServices;

namespace Connecto.Phantom.Tissue;

/// <summary>Who owns a point, and the two nearest rivals: neurite, weighted distance, direction of its growth.</summary>
internal struct Contest
{
    public const float Far = 1e9f;

    /// <summary>Owner, second and third neurite; 0 = none.</summary>
    public int Owner, Second, Third;

    /// <summary>Their weighted distances, nm.</summary>
    public float OwnerDistance, SecondDistance, ThirdDistance;

    /// <summary>Unit vectors away from their axes.</summary>
    public Point3 OwnerAway, SecondAway, ThirdAway;

    /// <summary>The owner's capsule, the place along it, 0 to 1, and the vector from its axis to the point, nm.</summary>
    public int Capsule;
    public float Along;
    public Point3 FromAxis;

    public void Clear()
    {
        (Owner, Second, Third) = (0, 0, 0);
        (OwnerDistance, SecondDistance, ThirdDistance) = (Far, Far, Far);
    }

    /// <summary>Enters a capsule that is nearer than the third.</summary>
    public void Enter(int neurite, float distance, Point3 fromAxis, float length, int capsule, float along)
    {
        var away = fromAxis * (1 / MathF.Max(length, 0.01f));
        if (neurite == Owner)
        {
            if (distance >= OwnerDistance) return;
            (OwnerDistance, OwnerAway, Capsule, Along, FromAxis) = (distance, away, capsule, along, fromAxis);
        }
        else if (distance < OwnerDistance)
        {
            if (neurite != Second) (Third, ThirdDistance, ThirdAway) = (Second, SecondDistance, SecondAway);
            (Second, SecondDistance, SecondAway) = (Owner, OwnerDistance, OwnerAway);
            (Owner, OwnerDistance, OwnerAway, Capsule, Along, FromAxis) = (neurite, distance, away, capsule, along, fromAxis);
        }
        else if (neurite == Second)
        {
            if (distance < SecondDistance) (SecondDistance, SecondAway) = (distance, away);
        }
        else if (distance < SecondDistance)
        {
            (Third, ThirdDistance, ThirdAway) = (Second, SecondDistance, SecondAway);
            (Second, SecondDistance, SecondAway) = (neurite, distance, away);
        }
        else if (distance < ThirdDistance) (Third, ThirdDistance, ThirdAway) = (neurite, distance, away);
    }

    /// <summary>The wall to the second neurite: its distance and its unit normal, pointing to the second.</summary>
    public readonly Wall ToSecond => Wall.Between(OwnerDistance, OwnerAway, SecondDistance, SecondAway);

    /// <summary>The wall to the third neurite.</summary>
    public readonly Wall ToThird => Wall.Between(OwnerDistance, OwnerAway, ThirdDistance, ThirdAway);
}

/// <summary>A wall between two neurites, seen from inside one.</summary>
/// <param name="Distance">To the wall, nm.</param>
/// <param name="Normal">Unit, towards the other neurite.</param>
internal readonly record struct Wall(float Distance, Point3 Normal)
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wall Between(float own, Point3 ownAway, float other, Point3 otherAway)
    {
        // Distances grow away from the axes, so the difference falls fastest along ownAway - otherAway.
        var slope = ownAway - otherAway;
        var length = slope.Length;
        return new Wall((other - own) / MathF.Max(length, 0.4f), slope * (1 / MathF.Max(length, 0.01f)));
    }
}
