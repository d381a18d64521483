using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Exact squared Euclidean distance, in nm, of every voxel to the nearest voxel of value 0.</summary>
/// <remarks>
/// The idea: along x two sweeps; along y, then z, the lower envelope of one parabola a voxel, found in one sweep a line
/// (Felzenszwalb and Huttenlocher 2012). Lines across x go 16 at a time through a transposed buffer, since a line alone
/// touches a new cache line a voxel. Given up: nothing; O(V). The volume's border is no boundary: what lies outside is
/// not known. Without any voxel of value 0 all distances are infinite.
/// </remarks>
internal sealed class DistanceTransform(Index3 shape, VoxelSize voxelSize)
{
    private const int Lines = 16;
    private readonly float[] _lines = new float[Lines * Math.Max(shape.Z, shape.Y)];
    private readonly int[] _sites = new int[Math.Max(shape.Z, shape.Y)];
    private readonly float[] _heights = new float[Math.Max(shape.Z, shape.Y)];
    private readonly double[] _starts = new double[Math.Max(shape.Z, shape.Y) + 1];

    /// <summary>In place: 0 = boundary, infinity = inside.</summary>
    public void Transform(Span<float> squared)
    {
        int plane = shape.Y * shape.X;
        for (var row = 0; row < shape.Z * shape.Y; row++) SweepRow(squared.Slice(row * shape.X, shape.X));
        if (shape.Y > 1)
            for (var z = 0; z < shape.Z; z++)
                for (var x = 0; x < shape.X; x += Lines)
                    SweepLines(squared, z * plane + x, shape.X, shape.Y, Math.Min(Lines, shape.X - x), voxelSize.Y);
        if (shape.Z > 1)
            for (var at = 0; at < plane; at += Lines)
                SweepLines(squared, at, plane, shape.Z, Math.Min(Lines, plane - at), voxelSize.Z);
    }

    private void SweepRow(Span<float> row)
    {
        var pitch = voxelSize.X;
        var distance = double.PositiveInfinity;
        for (var x = 0; x < row.Length; x++)
        {
            distance = row[x] == 0 ? 0 : distance + pitch;
            row[x] = (float)distance;
        }
        for (var x = row.Length - 1; x >= 0; x--)
        {
            distance = row[x] == 0 ? 0 : distance + pitch;
            var nearest = Math.Min(distance, row[x]);
            row[x] = (float)(nearest * nearest);
        }
    }

    private void SweepLines(Span<float> squared, int at, int stride, int length, int lines, double pitch)
    {
        for (var i = 0; i < length; i++)
        {
            var from = squared.Slice(at + i * stride, lines);
            for (var k = 0; k < lines; k++) _lines[k * length + i] = from[k];
        }
        for (var k = 0; k < lines; k++) SweepLine(_lines.AsSpan(k * length, length), pitch * pitch);
        for (var i = 0; i < length; i++)
        {
            var to = squared.Slice(at + i * stride, lines);
            for (var k = 0; k < lines; k++) to[k] = _lines[k * length + i];
        }
    }

    /// <summary>Replaces f(i) by the minimum over j of f(j) + pitch^2 (i - j)^2.</summary>
    private void SweepLine(Span<float> line, double pitchSquared)
    {
        var last = -1;
        for (var i = 0; i < line.Length; i++)
        {
            if (float.IsPositiveInfinity(line[i])) continue;
            var start = double.NegativeInfinity;
            while (last >= 0)
            {
                var j = _sites[last];
                start = (((double)line[i] - _heights[last]) / pitchSquared
                    + (double)(i + j) * (i - j)) / (2.0 * (i - j));
                if (start > _starts[last]) break;
                last--;
                start = double.NegativeInfinity;
            }
            last++;
            (_sites[last], _heights[last], _starts[last]) = (i, line[i], start);
        }
        if (last < 0) return;
        _starts[last + 1] = double.PositiveInfinity;
        var k = 0;
        for (var i = 0; i < line.Length; i++)
        {
            while (_starts[k + 1] < i) k++;
            double d = i - _sites[k];
            line[i] = (float)(_heights[k] + pitchSquared * d * d);
        }
    }
}
