namespace Connecto.Synapses;

/// <summary>A stretch of voxels of one cleft within a row.</summary>
/// <param name="Z">Section.</param>
/// <param name="Y">Row.</param>
/// <param name="Begin">First column.</param>
/// <param name="End">One past the last column.</param>
/// <param name="Id">Label, or number of the component.</param>
internal readonly record struct CleftRun(int Z, int Y, int Begin, int End, ulong Id)
{
    public int Length => End - Begin;
}
