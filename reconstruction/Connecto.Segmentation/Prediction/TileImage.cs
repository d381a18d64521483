using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Sections;
using Connecto.Volumes;

namespace Connecto.Segmentation.Prediction;

/// <summary>The image that one tile reads: cut from the volume once, then made into network input section by section.</summary>
internal sealed class TileImage
{
    private readonly PredictionGrid _grid;
    private readonly Volume<byte> _voxels;
    private readonly byte[]?[] _still;
    private readonly Index3 _origin;
    private readonly int _firstRow, _firstColumn;
    private readonly StackAlignment _alignment;

    /// <summary>Reads what the sections of <paramref name="owned"/> need; safe from any thread.</summary>
    public TileImage(
        PredictionGrid grid, ChunkedVolume<byte> image, StackAlignment alignment, int row, int column, Box owned)
    {
        (_grid, _alignment) = (grid, alignment);
        (_firstRow, _firstColumn) = (row * grid.CoreY - grid.OverlapY, column * grid.CoreX - grid.OverlapX);
        var (y0, y1) = PredictionGrid.Reach(grid.Y, _firstRow, grid.TileY);
        var (x0, x1) = PredictionGrid.Reach(grid.X, _firstColumn, grid.TileX);
        var (z0, z1) = (int.MaxValue, int.MinValue);
        for (var z = owned.Begin.Z; z < owned.End.Z; z++)
            for (var s = 0; s < grid.Sections; s++)
                (z0, z1) = (Math.Min(z0, Section(z, s)), Math.Max(z1, Section(z, s) + 1));
        // Neighbouring sections are read as far beyond as they may be displaced.
        var margin = alignment.Reach * (grid.Sections / 2) * grid.SectionStep;
        var sections = new Box(new(z0, y0 - margin, x0 - margin), new(z1, y1 + margin, x1 + margin)).Intersect(Box.Of(image.Shape));
        _origin = sections.Begin;
        _voxels = image.Read(sections);
        _still = new byte[]?[sections.Shape.Z];
    }

    /// <summary>The network's input for a section: [Sections][TileY][TileX].</summary>
    public void Input(EmModelInfo info, int z, Span<float> input)
    {
        var (scale, shift) = ((float)(info.InputScale / 255), (float)(-info.InputMean * info.InputScale));
        var plane = _grid.TileY * _grid.TileX;
        for (var s = 0; s < _grid.Sections; s++)
        {
            var section = Plane(z, Section(z, s));
            var result = input.Slice(s * plane, plane);
            if (_grid.Y.IsIdentity && _grid.X.IsIdentity) Copy(section, scale, shift, result);
            else Resample(section, scale, shift, result);
        }
    }

    /// <summary>The same as bytes, for a network that takes them.</summary>
    public void Input(int z, Span<byte> input)
    {
        var plane = _grid.TileY * _grid.TileX;
        for (var s = 0; s < _grid.Sections; s++)
        {
            var section = Section(z, s);
            var result = input.Slice(s * plane, plane);
            if (_grid.Y.IsIdentity && _grid.X.IsIdentity) Copy(Plane(z, section), result);
            else if (section == z || _alignment.IsIdentity) Still(section).CopyTo(result);
            else Resample(Plane(z, section), result);
        }
    }

    /// <summary>A section that lies as it is, resampled once for all the sections that it is a neighbour of.</summary>
    /// <remarks>Two threads may both do so; they write the same bytes.</remarks>
    private byte[] Still(int section)
    {
        ref var still = ref _still[section - _origin.Z];
        if (Volatile.Read(ref still) is { } done) return done;
        var bytes = new byte[_grid.TileY * _grid.TileX];
        Resample(_voxels.Slice(section - _origin.Z), bytes);
        Volatile.Write(ref still, bytes);
        return bytes;
    }

    private void Resample(ReadOnlySpan<byte> section, Span<byte> result)
    {
        var values = new float[result.Length];
        Resample(section, 1, 0, values);
        for (var i = 0; i < values.Length; i++) result[i] = (byte)Math.Clamp(values[i] + 0.5f, 0, 255);
    }

    /// <summary>A section's voxels, each cell brought to where it lies over or under section <paramref name="z"/>.</summary>
    /// <remarks>Places outside what was read repeat its rim.</remarks>
    private ReadOnlySpan<byte> Plane(int z, int section)
    {
        var from = _voxels.Slice(section - _origin.Z);
        if (section == z || _alignment.IsIdentity) return from;
        const int Cell = StackAlignment.CellPixels;
        var (height, width) = (_voxels.Shape.Y, _voxels.Shape.X);
        var plane = new byte[height * width];
        for (var y = 0; y < height; y++)
            for (int x = 0, past; x < width; x = past)
            {
                past = Math.Min(width, ((_origin.X + x) / Cell + 1) * Cell - _origin.X);
                var (dy, dx) = _alignment.Shift(z, section, _origin.Y + y, _origin.X + x);
                var row = from.Slice(Math.Clamp(y + dy, 0, height - 1) * width, width);
                if (x + dx >= 0 && past + dx <= width) row[(x + dx)..(past + dx)].CopyTo(plane.AsSpan(y * width + x));
                else
                    for (var i = x; i < past; i++) plane[y * width + i] = row[Math.Clamp(i + dx, 0, width - 1)];
            }
        return plane;
    }

    private int Section(int z, int channel) =>
        MirrorIndex.At(z + (channel - _grid.Sections / 2) * _grid.SectionStep, _grid.Shape.Z);

    private void Copy(ReadOnlySpan<byte> section, float scale, float shift, Span<float> result)
    {
        var width = _voxels.Shape.X;
        for (var y = 0; y < _grid.TileY; y++)
        {
            var from = section.Slice((MirrorIndex.At(_firstRow + y, _grid.Shape.Y) - _origin.Y) * width, width);
            var to = result.Slice(y * _grid.TileX, _grid.TileX);
            for (var x = 0; x < to.Length; x++)
            {
                var at = _firstColumn + x;
                if ((uint)at >= (uint)_grid.Shape.X) at = MirrorIndex.At(at, _grid.Shape.X);
                to[x] = from[at - _origin.X] * scale + shift;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Copy(ReadOnlySpan<byte> section, Span<byte> result)
    {
        var width = _voxels.Shape.X;
        // The columns of the tile that lie in the image are one run.
        var (begin, end) = (Math.Clamp(-_firstColumn, 0, _grid.TileX), Math.Clamp(_grid.Shape.X - _firstColumn, 0, _grid.TileX));
        for (var y = 0; y < _grid.TileY; y++)
        {
            var from = section.Slice((MirrorIndex.At(_firstRow + y, _grid.Shape.Y) - _origin.Y) * width, width);
            var to = result.Slice(y * _grid.TileX, _grid.TileX);
            for (var x = 0; x < begin; x++) to[x] = from[MirrorIndex.At(_firstColumn + x, _grid.Shape.X) - _origin.X];
            from.Slice(_firstColumn + begin - _origin.X, end - begin).CopyTo(to[begin..]);
            for (var x = end; x < to.Length; x++) to[x] = from[MirrorIndex.At(_firstColumn + x, _grid.Shape.X) - _origin.X];
        }
    }

    // Columns first into rows of the image, then rows; pixels before or after the image repeat its rim, which only the
    // triangle's tails reach.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Resample(ReadOnlySpan<byte> section, float scale, float shift, Span<float> result)
    {
        var (height, width, tile) = (_voxels.Shape.Y, _voxels.Shape.X, _grid.TileX);
        var narrow = new float[height * tile];
        var (starts, columns, weights) = (new int[tile + 1], new List<int>(), new List<float>());
        for (var x = 0; x < tile; x++)
        {
            var taps = _grid.X.Taps(MirrorIndex.At(_firstColumn + x, _grid.X.Network), out var first);
            for (var k = 0; k < taps.Length; k++)
            {
                columns.Add(Math.Clamp(first + k - _origin.X, 0, width - 1));
                weights.Add(taps[k]);
            }
            starts[x + 1] = columns.Count;
        }
        var at = CollectionsMarshal.AsSpan(columns);
        var by = CollectionsMarshal.AsSpan(weights);
        for (var y = 0; y < height; y++)
        {
            var row = section.Slice(y * width, width);
            var to = narrow.AsSpan(y * tile, tile);
            for (int x = 0, k = 0; x < tile; x++)
            {
                var sum = 0f;
                for (var past = starts[x + 1]; k < past; k++) sum += by[k] * row[at[k]];
                to[x] = sum * scale + shift;
            }
        }
        for (var y = 0; y < _grid.TileY; y++)
        {
            var taps = _grid.Y.Taps(MirrorIndex.At(_firstRow + y, _grid.Y.Network), out var first);
            var to = result.Slice(y * tile, tile);
            to.Clear();
            for (var k = 0; k < taps.Length; k++)
            {
                var from = narrow.AsSpan(Math.Clamp(first + k - _origin.Y, 0, height - 1) * tile, tile);
                for (var x = 0; x < tile; x++) to[x] += taps[k] * from[x];
            }
        }
    }
}
