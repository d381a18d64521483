using Connecto.Volumes;

namespace Connecto.Cli;

/// <summary>The sections of a result and a truth that are scored against each other.</summary>
internal static class ScoredSections
{
    /// <summary>Cuts both to the same sections.</summary>
    /// <param name="result">The result: as many sections as the truth, or just those that are scored.</param>
    /// <param name="truth">The truth.</param>
    /// <param name="sections">"first-last" of the truth, or null for all.</param>
    /// <exception cref="InvalidDataException">They do not fit each other.</exception>
    public static (ChunkedVolume<T> Result, ChunkedVolume<ulong> Truth) Cut<T>(
        ChunkedVolume<T> result, ChunkedVolume<ulong> truth, string? sections) where T : unmanaged
    {
        if (result.Shape.Y != truth.Shape.Y || result.Shape.X != truth.Shape.X)
            throw new InvalidDataException(
                $"The result's sections are {result.Shape.Y} x {result.Shape.X} and the truth's {truth.Shape.Y} x {truth.Shape.X}; they must agree. Nothing was scored.");
        var range = sections is null ? new Pipeline.SectionRange(0, truth.Shape.Z) : SettingsOptions.ParseSections(sections);
        if (range.End > truth.Shape.Z)
            throw new InvalidDataException($"--sections {sections} leaves the truth, which has {truth.Shape.Z} sections; nothing was scored.");
        var count = range.End - range.Begin;
        if (result.Shape.Z != truth.Shape.Z && result.Shape.Z != count)
            throw new InvalidDataException(
                $"The result has {result.Shape.Z} sections, the truth {truth.Shape.Z}, of which {count} are scored; " +
                "--sections must name those of the truth that the result covers. Nothing was scored.");
        return (result.Shape.Z == count ? result : new SectionsOf<T>(result, range.Begin, count),
            truth.Shape.Z == count ? truth : new SectionsOf<ulong>(truth, range.Begin, count));
    }

    private sealed class SectionsOf<T>(ChunkedVolume<T> whole, int first, int count) : ChunkedVolume<T> where T : unmanaged
    {
        public override Index3 Shape => whole.Shape with { Z = count };
        public override int Channels => whole.Channels;
        public override VoxelSize VoxelSize => whole.VoxelSize;
        public override Index3 Chunk => whole.Chunk;
        public override Volume<T> Read(Box box) => whole.Read(box.Shift(new(first, 0, 0)));
        public override void Write(Box box, Volume<T> voxels) => throw new NotSupportedException("These sections are read-only.");
    }
}
