using System.Numerics;
using System.Runtime.CompilerServices;

namespace Connecto.Segmentation;

/// <summary>Measurements between two fragment ids, A below B.</summary>
internal record struct FragmentContact(ulong A, ulong B, Contact Contact) : IComparable<FragmentContact>
{
    public readonly int CompareTo(FragmentContact other) => A != other.A ? A.CompareTo(other.A) : B.CompareTo(other.B);
}

/// <summary>Sums faces by the pair of ids: an open-addressed hash table, linear probing, at most half full.</summary>
internal sealed class ContactTable
{
    private struct Slot
    {
        public ulong A, B;
        public Contact Contact;
    }

    private Slot[] _slots = new Slot[4096];

    public int Count { get; private set; }

    public void AddPlane(ulong a, ulong b, Faces faces) =>
        Find(a, b).Contact += new Contact(faces, default, default, 0);

    public void AddZ(ulong upper, ulong lower, Faces faces, Faces interior) => Find(upper, lower).Contact +=
        new Contact(default, faces, interior, upper > lower ? faces.Count : 0);

    public IEnumerable<FragmentContact> Contacts()
    {
        foreach (var slot in _slots)
            if (slot.B != 0)
                yield return new(slot.A, slot.B, slot.Contact);
    }

    private ref Slot Find(ulong a, ulong b)
    {
        if (a > b) (a, b) = (b, a);
        ref var slot = ref Probe(_slots, a, b);
        if (slot.B != 0) return ref slot;
        if (2 * ++Count > _slots.Length)
        {
            Grow();
            slot = ref Probe(_slots, a, b);
        }
        (slot.A, slot.B) = (a, b);
        return ref slot;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref Slot Probe(Slot[] slots, ulong a, ulong b)
    {
        var hash = (a * 0x9E3779B97F4A7C15UL) ^ BitOperations.RotateLeft(b * 0xC2B2AE3D27D4EB4FUL, 31);
        hash ^= hash >> 29;
        for (var at = (int)hash & (slots.Length - 1); ; at = (at + 1) & (slots.Length - 1))
        {
            ref var slot = ref slots[at];
            if (slot.B == 0 || (slot.A == a && slot.B == b)) return ref slot;
        }
    }

    private void Grow()
    {
        var larger = new Slot[checked(_slots.Length * 2)];
        foreach (ref var slot in _slots.AsSpan())
            if (slot.B != 0)
                Probe(larger, slot.A, slot.B) = slot;
        _slots = larger;
    }
}
