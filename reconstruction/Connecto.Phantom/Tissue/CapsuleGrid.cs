namespace Connecto.Phantom.Tissue;

/// <summary>Capsules by place: a bin lists every capsule whose surface is within reach of some point of the bin.</summary>
/// <remarks>Bins are laid out by counting sort into two arrays; reading is safe from any number of threads.</remarks>
internal sealed class CapsuleGrid
{
    private readonly Capsule[] _capsules;
    private readonly float _bin;
    private readonly Point3 _origin;
    private readonly int _nz, _ny, _nx;
    private readonly int[] _starts, _items;

    public CapsuleGrid(Capsule[] capsules, float reach, Bounds? window = null)
    {
        _capsules = capsules;
        Reach = reach;
        var whole = window ?? (capsules.Length == 0 ? new Bounds(default, default)
            : Bounds.Around(capsules.SelectMany(c => new[] { c.Begin, c.Begin + c.Axis })).Grow(reach + capsules.Max(c => c.Radius)));
        var span = whole.High - whole.Low;
        _bin = Math.Max(reach, 400);
        while ((double)(span.Z / _bin + 1) * (span.Y / _bin + 1) * (span.X / _bin + 1) > 1 << 28) _bin *= 2;
        _origin = whole.Low;
        (_nz, _ny, _nx) = ((int)(span.Z / _bin) + 1, (int)(span.Y / _bin) + 1, (int)(span.X / _bin) + 1);
        _starts = new int[_nz * _ny * _nx + 1];
        for (var i = 0; i < capsules.Length; i++)
            Visit(i, b => _starts[b + 1]++);
        for (var b = 1; b < _starts.Length; b++) _starts[b] += _starts[b - 1];
        _items = new int[_starts[^1]];
        var fill = _starts.ToArray();
        for (var i = 0; i < capsules.Length; i++)
        {
            var item = i;
            Visit(i, b => _items[fill[b]++] = item);
        }
    }

    /// <summary>How far from a capsule's surface the grid still finds it, nm.</summary>
    public float Reach { get; }

    /// <summary>No point of tissue is farther than this from the nearest surface, with room for a tile around it.</summary>
    public static float ReachOf(PhantomOptions options) => (float)options.NeuriteSpacing * 1.5f + 150;

    /// <summary>Capsules that may be near a point; none outside the grid.</summary>
    public ReadOnlySpan<int> Near(Point3 at)
    {
        int z = (int)MathF.Floor((at.Z - _origin.Z) / _bin), y = (int)MathF.Floor((at.Y - _origin.Y) / _bin),
            x = (int)MathF.Floor((at.X - _origin.X) / _bin);
        if ((uint)z >= (uint)_nz || (uint)y >= (uint)_ny || (uint)x >= (uint)_nx) return default;
        var b = (z * _ny + y) * _nx + x;
        return _items.AsSpan(_starts[b], _starts[b + 1] - _starts[b]);
    }

    /// <summary>Distance to the nearest surface, nm, negative inside; reach or more where nothing is near.</summary>
    public float Distance(Point3 at)
    {
        var least = Reach;
        foreach (var i in Near(at)) least = MathF.Min(least, _capsules[i].Distance(at));
        return least;
    }

    private void Visit(int capsule, Action<int> bin)
    {
        ref readonly var c = ref _capsules[capsule];
        var around = MathF.Max(c.Radius, c.Radius + c.RadiusStep) + Reach;
        Point3 a = c.Begin - _origin, b = c.Begin + c.Axis - _origin;
        int Low(float u, float v) => (int)MathF.Floor((MathF.Min(u, v) - around) / _bin);
        int High(float u, float v) => (int)MathF.Floor((MathF.Max(u, v) + around) / _bin);
        for (var z = Math.Max(0, Low(a.Z, b.Z)); z <= Math.Min(_nz - 1, High(a.Z, b.Z)); z++)
            for (var y = Math.Max(0, Low(a.Y, b.Y)); y <= Math.Min(_ny - 1, High(a.Y, b.Y)); y++)
                for (var x = Math.Max(0, Low(a.X, b.X)); x <= Math.Min(_nx - 1, High(a.X, b.X)); x++)
                {
                    // The bin's cube against the capsule's bounding sphere sheds about half of the corners.
                    var centre = new Point3((z + 0.5f) * _bin, (y + 0.5f) * _bin, (x + 0.5f) * _bin) - a;
                    var s = Math.Clamp(Point3.Dot(centre, c.Axis) * c.InverseLength2, 0, 1);
                    if ((centre - c.Axis * s).Length <= around + 0.8661f * _bin) bin((z * _ny + y) * _nx + x);
                }
    }
}
