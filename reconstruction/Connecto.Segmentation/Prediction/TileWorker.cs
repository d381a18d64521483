using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Connecto.Segmentation.Model;
using Connecto.Sparse;
using Connecto.Volumes;

namespace Connecto.Segmentation.Prediction;

/// <summary>Some voxels that one tile owns, with the image that it reads, which is cut out when first asked for.</summary>
internal sealed record TileJob(Box Owned, Lazy<TileImage> Image, int Row, int Column);

/// <summary>Predicts sections of tiles; one thread at a time.</summary>
internal abstract class TileWorker : IDisposable
{
    /// <summary>Predicts one section of a tile.</summary>
    /// <param name="grid">The tiles.</param>
    /// <param name="job">The tile.</param>
    /// <param name="z">The section.</param>
    /// <param name="box">What result covers.</param>
    /// <param name="outputs">The outputs wanted: the first, and one past the last.</param>
    /// <param name="result">Written where the tile owns voxels, in the outputs wanted.</param>
    /// <param name="seen">Counts what was read.</param>
    public abstract void Run(PredictionGrid grid, TileJob job, int z, Box box, (EmOutput First, EmOutput Past) outputs, Volume<byte> result,
        InputStatistics seen);

    public abstract void Dispose();

    /// <summary>Carries a plane of a tile back to the image's pixels.</summary>
    /// <param name="grid">The tiles.</param>
    /// <param name="job">The tile.</param>
    /// <param name="output">What the plane means: an affinity belongs to the face below a pixel, see
    /// <see cref="AxisResampling.Face"/>, a map to its centre.</param>
    /// <param name="from">The tile's plane.</param>
    /// <param name="levels">What a whole probability is in the plane.</param>
    /// <param name="box">What the section covers.</param>
    /// <param name="to">The section of the result.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected static void Store<T>(PredictionGrid grid, TileJob job, EmOutput output, ReadOnlySpan<T> from, float levels, Box box, Span<byte> to)
        where T : unmanaged, INumber<T>
    {
        int firstRow = job.Row * grid.CoreY - grid.OverlapY, firstColumn = job.Column * grid.CoreX - grid.OverlapX;
        var same = grid.X.IsIdentity && grid.Y.IsIdentity;
        var values = same ? [] : new float[grid.TileX];
        var places = same ? [] : new (int First, int Past, float Share)[job.Owned.Shape.X];
        for (var i = 0; i < places.Length; i++) places[i] = Place(grid.X, job.Owned.Begin.X + i, output == EmOutput.AffinityX);
        for (var y = job.Owned.Begin.Y; y < job.Owned.End.Y; y++)
        {
            var line = to.Slice((y - box.Begin.Y) * box.Shape.X - box.Begin.X + job.Owned.Begin.X, job.Owned.Shape.X);
            if (same)
            {
                var row = from.Slice((y - firstRow) * grid.TileX + job.Owned.Begin.X - firstColumn, line.Length);
                if (typeof(T) == typeof(byte)) MemoryMarshal.AsBytes(row).CopyTo(line);
                else
                    for (var i = 0; i < line.Length; i++) line[i] = (byte)(float.CreateTruncating(row[i]) * (255 / levels) + 0.5f);
                continue;
            }
            var rows = Place(grid.Y, y, output == EmOutput.AffinityY);
            Rows(from[((rows.First - firstRow) * grid.TileX)..], rows, values);
            for (var i = 0; i < line.Length; i++)
            {
                var place = places[i];
                var at = place.First - firstColumn;
                var value = values[at];
                if (place.Share != 0) value += (values[at + 1] - value) * place.Share;
                else
                    for (var k = 1; k < place.Past - place.First; k++) value = Math.Min(value, values[at + k]);
                line[i] = (byte)(value * (255 / levels) + 0.5f);
            }
        }
    }

    // Where a pixel of the image, or the face below it, lies in the network's.
    private static (int First, int Past, float Share) Place(AxisResampling axis, int pixel, bool face)
    {
        if (face) return axis.Face(pixel);
        var (first, share) = axis.Back(pixel);
        return (first, first + 1, share);
    }

    // One line of the plane at a place between rows, or the least of several.
    private static void Rows<T>(ReadOnlySpan<T> from, (int First, int Past, float Share) place, Span<float> values)
        where T : unmanaged, INumber<T>
    {
        var width = values.Length;
        for (var x = 0; x < width; x++) values[x] = float.CreateTruncating(from[x]);
        if (place.Share != 0)
            for (var x = 0; x < width; x++) values[x] += (float.CreateTruncating(from[width + x]) - values[x]) * place.Share;
        else
            for (var k = 1; k < place.Past - place.First; k++)
                for (var x = 0; x < width; x++) values[x] = Math.Min(values[x], float.CreateTruncating(from[k * width + x]));
    }
}

/// <summary>A network in floats and its planes.</summary>
internal sealed class FloatTileWorker(EmModel model) : TileWorker
{
    private readonly NetworkSession _session = new(model.Network, 1);
    private float[] _input = [], _output = [];

    public override void Dispose() => _session.Dispose();

    public override void Run(PredictionGrid grid, TileJob job, int z, Box box, (EmOutput First, EmOutput Past) outputs, Volume<byte> result,
        InputStatistics seen)
    {
        var plane = grid.TileY * grid.TileX;
        var planes = model.Info.Outputs.Length;
        if (_input.Length != grid.Sections * plane)
            (_input, _output) = (new float[grid.Sections * plane], new float[planes * plane]);
        job.Image.Value.Input(model.Info, z, _input);
        seen.Add(model.Info, _input.AsSpan(grid.Sections / 2 * plane, plane), grid);
        _session.Run(_input, grid.TileY, grid.TileX, _output);
        for (var c = outputs.First; c < outputs.Past; c++)
            Store<float>(grid, job, c, _output.AsSpan((int)c * plane, plane), 1, box, result.Slice(z - box.Begin.Z, (int)c));
    }
}

/// <summary>A network of bytes and its planes; plans are shared with all other workers.</summary>
internal sealed class ByteTileWorker(EmModel model, ByteNetworkPlans plans) : TileWorker
{
    private byte[] _input = [], _output = [];
    private (int Height, int Width) _size;
    private ByteNetworkSession? _session;

    public override void Dispose() => _session = null;

    public override void Run(PredictionGrid grid, TileJob job, int z, Box box, (EmOutput First, EmOutput Past) outputs, Volume<byte> result,
        InputStatistics seen)
    {
        var plane = grid.TileY * grid.TileX;
        var planes = model.Info.Outputs.Length;
        if (_session is null || _size != (grid.TileY, grid.TileX))
        {
            _size = (grid.TileY, grid.TileX);
            (_input, _output) = (new byte[grid.Sections * plane], new byte[planes * plane]);
            _session = plans.For(grid.TileY, grid.TileX).NewSession();
        }
        job.Image.Value.Input(z, _input);
        seen.Add(_input.AsSpan(grid.Sections / 2 * plane, plane), grid);
        _session.Run(_input, _output);
        for (var c = outputs.First; c < outputs.Past; c++)
            Store<byte>(grid, job, c, _output.AsSpan((int)c * plane, plane), 255, box, result.Slice(z - box.Begin.Z, (int)c));
    }
}

/// <summary>A model's networks of bytes by size of plane, each planned once; safe from several threads.</summary>
internal sealed class ByteNetworkPlans(EmModel model) : IDisposable
{
    private readonly Dictionary<(int Height, int Width), ByteNetwork> _networks = [];

    public ByteNetwork For(int height, int width)
    {
        lock (_networks)
        {
            if (!_networks.TryGetValue((height, width), out var network))
                _networks[(height, width)] = network = new(model.Network, model.Quantization!, height, width);
            return network;
        }
    }

    public void Dispose()
    {
        foreach (var network in _networks.Values) network.Dispose();
    }
}
