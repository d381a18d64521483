namespace Connecto.Sparse.Planes;

/// <summary>The room that planes need which kernels reach by one place: the pitch of a row, the rows of a section, and
/// the zeros on every side.</summary>
internal readonly record struct PlaneRoom(int Pitch, int SectionRows, Extent Halo)
{
    /// <summary>Room for planes of a size too.</summary>
    /// <param name="size">The size.</param>
    /// <param name="border">Zeros that reads outside that size need.</param>
    /// <param name="reach">How far reads go, in whatever direction.</param>
    public PlaneRoom With(Extent size, Extent border, Extent reach)
    {
        // Sections end with a border only where another one is read, be it outside the volume.
        var rows = checked(size.Height + (size.Depth > 1 || reach.Depth > 0 ? border.Height : 0));
        return new PlaneRoom(
            Math.Max(Pitch, checked(size.Width + border.Width)), Math.Max(SectionRows, rows), Halo.With(reach, Math.Max));
    }

    /// <summary>Planes of a size in this room.</summary>
    public PlaneLayout Layout(Extent size) => new(size, Pitch, SectionRows, Halo);
}
