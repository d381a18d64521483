using Connecto.Phantom.Tissue;

namespace Connecto.Phantom.Imaging;

/// <summary>Which plane of tissue a delivered section shows, and how it lies: shifted, folded, missing or repeated.</summary>
internal readonly struct SectionPose
{
    /// <summary>Tissue hidden in a fold, and the width of its dark line, nm.</summary>
    private const float FoldHides = 250, FoldWidth = 70;

    private readonly float _pitchY, _pitchX, _shiftY, _shiftX, _foldY, _foldX, _foldAt;

    public SectionPose(PhantomOptions options, int z)
    {
        IsMissing = options.MissingSections.Contains(z);
        Section = z;
        while (options.DuplicatedSections.Contains(Section)) Section--;
        IsFolded = options.FoldedSections.Contains(Section);
        var voxel = options.VoxelSize;
        (_pitchY, _pitchX) = ((float)voxel.Y, (float)voxel.X);
        Thickness = (float)voxel.Z;
        Z = (float)((Section + 0.5) * voxel.Z);
        var key = PlaceRandom.Hash(PlaceRandom.Mix(options.Seed + 0x905E), (ulong)Section);
        var jitter = (float)options.EffectiveAppearance.Jitter;
        _shiftY = jitter * PlaceRandom.Normal(PlaceRandom.Hash(key, 0));
        _shiftX = jitter * PlaceRandom.Normal(PlaceRandom.Hash(key, 1));
        var turn = PlaceRandom.Hash(key, 2);
        var direction = new Point3(0, 2 * PlaceRandom.Unit(turn) - 1, 0.3f + PlaceRandom.Unit(turn, 24)).Normalized();
        (_foldY, _foldX) = (direction.Y, direction.X);
        var share = 0.3f + 0.4f * PlaceRandom.Unit(turn, 40);
        _foldAt = share * (_foldY * options.Shape.Y * _pitchY + _foldX * options.Shape.X * _pitchX);
    }

    /// <summary>The section of the stack as cut that is delivered here.</summary>
    public int Section { get; }

    /// <summary>Middle plane and thickness of the section, nm.</summary>
    public float Z { get; }

    public float Thickness { get; }

    public bool IsMissing { get; }

    public bool IsFolded { get; }

    /// <summary>Most that any section's tissue lies beside its place in the volume, nm; the same with and without faults,
    /// so that faults change no id.</summary>
    public static float MostShift(PhantomOptions options) =>
        3.5f * (float)options.EffectiveAppearance.Jitter + FoldHides / 2;

    /// <summary>Where a pixel's centre lies in tissue.</summary>
    public Point3 Locate(int y, int x)
    {
        float py = (y + 0.5f) * _pitchY, px = (x + 0.5f) * _pitchX;
        if (IsFolded)
        {
            var push = 0.5f * FoldHides * Math.Clamp(FromFold(py, px) * (2 / FoldWidth), -1, 1);
            py += push * _foldY;
            px += push * _foldX;
        }
        return new Point3(Z, py - _shiftY, px - _shiftX);
    }

    /// <summary>Where tissue shows in this section, nm from the volume's origin, and how far beside it may be.</summary>
    public (float Y, float X, float Spread) Find(Point3 tissue) =>
        (tissue.Y + _shiftY, tissue.X + _shiftX, IsFolded ? FoldHides / 2 : 0);

    /// <summary>Light that a fold takes at a pixel, 0 to 1.</summary>
    public float FoldDarkness(int y, int x)
    {
        if (!IsFolded) return 0;
        var e = MathF.Abs(FromFold((y + 0.5f) * _pitchY, (x + 0.5f) * _pitchX)) * (2 / FoldWidth);
        return e >= 1.15f ? 0 : 0.85f * MathF.Min(1, (1.15f - e) * 3);
    }

    private float FromFold(float y, float x) => y * _foldY + x * _foldX - _foldAt;
}
