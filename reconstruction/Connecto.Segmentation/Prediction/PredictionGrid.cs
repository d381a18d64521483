using Connecto.Segmentation.Model;
using Connecto.Volumes;

namespace Connecto.Segmentation.Prediction;

/// <summary>The tiles that a volume is predicted in: fixed by the volume and the model, never by the box asked for.</summary>
/// <remarks>
/// A tile owns a core and sees an overlap of network pixels more on every side. Cores start at multiples of the
/// network's <c>SizeMultiple</c>, so poolings fall alike in all tiles. In floats the overlap is the model's. In bytes a difference
/// that rounds to another logit is seen as 3 of 255 levels (0.3 % of the voxels beside a border by 4 or more, at an overlap
/// of 32), so where an axis has several tiles the overlap is all that the network sees: then tiles agree to the bit.
/// </remarks>
internal sealed class PredictionGrid
{
    /// <summary>Largest edge of a core, network pixels: 448 with 32 of overlap spends a quarter of the work on overlap
    /// and keeps a tile's planes near 20 MB.</summary>
    private const int LargestCore = 448;

    /// <summary>The same for bytes, whose planes take a quarter and are read band by band: an eighth of the work is spent on
    /// overlap.</summary>
    private const int LargestByteCore = 1024;

    /// <summary>Overlaps between tiles of bytes are multiples of this and cores of twice this, so that whole chunks of a volume
    /// have whole tiles.</summary>
    private const int ByteGrain = 64;

    /// <summary>Pixels of a line that a network of bytes works on at a time, at its coarsest resolution.</summary>
    private const int ByteLanes = 16;

    /// <summary>Ratios of pixel sizes up to this are left to the network, which was trained on sizes varied as much.</summary>
    private const double Tolerance = 1.2;

    public PredictionGrid(EmModel model, Index3 shape, VoxelSize voxel, PredictionPrecision precision)
    {
        var multiple = model.Network.SizeMultiple;
        var overlap = RoundUp(Math.Max(2, model.Info.Overlap), multiple);
        Y = new(shape.Y, Pixels(shape.Y, voxel.Y, model.Info.VoxelSizeNm[1]));
        X = new(shape.X, Pixels(shape.X, voxel.X, model.Info.VoxelSizeNm[2]));
        if (precision == PredictionPrecision.Int8)
        {
            var whole = RoundUp(Math.Max(overlap, RoundUp(model.Network.Radius, ByteGrain)), multiple);
            (CoreY, OverlapY) = Y.Network <= LargestByteCore ? (RoundUp(Y.Network, multiple), overlap)
                : (RoundUp(Core(Y.Network, multiple, LargestByteCore), 2 * ByteGrain), whole);
            (CoreX, OverlapX) = LaneCore(X.Network, multiple * ByteLanes, overlap, whole);
        }
        else (CoreY, CoreX, OverlapY, OverlapX) = (
            Core(Y.Network, multiple, LargestCore), Core(X.Network, multiple, LargestCore), overlap, overlap);
        SectionStep = voxel.Z < model.Info.VoxelSizeNm[0] / 2 ? (int)Math.Round(model.Info.VoxelSizeNm[0] / voxel.Z) : 1;
        Sections = model.Info.Sections;
        Shape = shape;
    }

    /// <summary>The image's extent.</summary>
    public Index3 Shape { get; }

    /// <summary>Rows of the image and of the network's plane.</summary>
    public AxisResampling Y { get; }

    /// <summary>Columns of the image and of the network's plane.</summary>
    public AxisResampling X { get; }

    /// <summary>Rows of a tile's core, network pixels.</summary>
    public int CoreY { get; }

    /// <summary>Columns of a tile's core, network pixels.</summary>
    public int CoreX { get; }

    /// <summary>Rows that a tile sees beyond its core, network pixels.</summary>
    public int OverlapY { get; }

    /// <summary>Columns that a tile sees beyond its core, network pixels.</summary>
    public int OverlapX { get; }

    /// <summary>Rows of a tile with its overlap.</summary>
    public int TileY => CoreY + 2 * OverlapY;

    /// <summary>Columns of a tile with its overlap.</summary>
    public int TileX => CoreX + 2 * OverlapX;

    /// <summary>Sections of the image between the network's input channels.</summary>
    public int SectionStep { get; }

    /// <summary>Sections that the network reads.</summary>
    public int Sections { get; }

    /// <summary>The tiles whose cores own a voxel of the box: tile row and column, and the image voxels of the box owned.</summary>
    public IEnumerable<(int Row, int Column, Box Owned)> Tiles(Box box)
    {
        for (var y = box.Begin.Y; y < box.End.Y;)
        {
            var row = Y.Nearest(y) / CoreY;
            var nextY = Past(Y, row, CoreY, y, box.End.Y);
            for (var x = box.Begin.X; x < box.End.X;)
            {
                var column = X.Nearest(x) / CoreX;
                var nextX = Past(X, column, CoreX, x, box.End.X);
                yield return (row, column, new(new(box.Begin.Z, y, x), new(box.End.Z, nextY, nextX)));
                x = nextX;
            }
            y = nextY;
        }
    }

    /// <summary>The image pixels of an axis that a tile reads, inside the image.</summary>
    public static (int First, int Past) Reach(AxisResampling axis, int firstPixel, int length)
    {
        var (first, past) = (int.MaxValue, int.MinValue);
        for (var i = firstPixel; i < firstPixel + length; i++)
        {
            var weights = axis.Taps(Connecto.Segmentation.Sections.MirrorIndex.At(i, axis.Network), out var from);
            (first, past) = (Math.Min(first, from), Math.Max(past, from + weights.Length));
        }
        return (Math.Max(0, first), Math.Min(axis.Image, past));
    }

    private static int Past(AxisResampling axis, int tile, int core, int from, int end)
    {
        var to = from;
        while (to < end && axis.Nearest(to) / core == tile) to++;
        return to;
    }

    /// <summary>How many of the model's pixels or sections make up an axis of the image; its own, where they are about as long.</summary>
    public static int Pixels(int length, double voxel, double model)
    {
        var ratio = voxel / model;
        if (ratio is <= Tolerance and >= 1 / Tolerance) return length;
        return Math.Max(1, (int)Math.Round(length * ratio));
    }

    /// <summary>The core and overlap of tiles whose lines are a multiple of some pixels, so that few pixels do in all.</summary>
    private static (int Core, int Overlap) LaneCore(int length, int grain, int alone, int several)
    {
        // One tile has no neighbour to agree with.
        var single = RoundUp(length + 2 * alone, grain);
        var (best, least) = ((single - 2 * alone, alone), length <= LargestByteCore ? single : long.MaxValue);
        for (var tile = grain; tile - 2 * several < LargestByteCore + grain || least == long.MaxValue; tile += grain)
        {
            var core = tile - 2 * several;
            if (core <= 0) continue;
            var pixels = (length + core - 1) / core * (long)tile;
            if (pixels < least) (best, least) = ((core, several), pixels);
        }
        return best;
    }

    private static int Core(int length, int multiple, int largest)
    {
        var tiles = Math.Max(1, (length + largest - 1) / largest);
        return RoundUp((length + tiles - 1) / tiles, multiple);
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
