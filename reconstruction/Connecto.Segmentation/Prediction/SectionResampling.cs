using System.Numerics;
using Connecto.Segmentation.Model;
using Connecto.Volumes;

namespace Connecto.Segmentation.Prediction;

/// <summary>How an image's sections map to the model's and its predictions back.</summary>
/// <remarks>
/// Idea: a network for isotropic tissue reads neighbouring sections as it reads neighbouring pixels, so sections of another
/// thickness are resampled to its own first. Maps at voxels come back linearly between section centres. An affinity
/// across sections belongs to the face between two voxels: between finer sections it is read off linearly between the network's
/// faces; two coarser ones are one cell only if every face of the network between their centres says so, so they
/// take the least. Every face of the network lies between exactly two sections' centres, so no membrane is lost.
/// Given up: thick sections (anisotropy of 2.5 and more): nothing lies between two of them that could be guessed.
/// </remarks>
internal sealed class SectionResampling
{
    private readonly AxisResampling _axis;
    private readonly double _ratio;

    private SectionResampling(int image, int network) => (_axis, _ratio) = (new(image, network), (double)network / image);

    /// <summary>The mapping; null where sections are read as they are.</summary>
    public static SectionResampling? For(EmModelInfo info, Index3 shape, VoxelSize voxel)
    {
        if (info.VoxelSize.Anisotropy >= WatershedOptions.SectionAnisotropy) return null;
        var sections = PredictionGrid.Pixels(shape.Z, voxel.Z, info.VoxelSizeNm[0]);
        return sections == shape.Z ? null : new(shape.Z, sections);
    }

    /// <summary>Sections of the network.</summary>
    public int Sections => _axis.Network;

    /// <summary>The image with the network's sections.</summary>
    public ChunkedVolume<byte> View(ChunkedVolume<byte> image) => new Resampled(image, _axis);

    /// <summary>The network's sections that some of the image's need.</summary>
    public (int Begin, int End) Needed(int begin, int end) =>
        (Inside((int)Math.Floor((begin - 0.5) * _ratio) - 1), Inside((int)Math.Ceiling((end + 0.5) * _ratio) + 1) + 1);

    /// <summary>Carries maps back.</summary>
    /// <param name="maps">The network's sections from <paramref name="first"/> on, every output a channel.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="begin">The first section of the image that is wanted.</param>
    /// <param name="outputs">The outputs wanted: the first, and one past the last.</param>
    /// <param name="result">Those outputs are written in full; as many rows and columns as the maps.</param>
    public void Back(Volume<byte> maps, int first, int begin, (EmOutput First, EmOutput Past) outputs, Volume<byte> result)
    {
        for (var z = 0; z < result.Shape.Z; z++)
            for (var channel = (int)outputs.First; channel < (int)outputs.Past; channel++)
            {
                var to = result.Slice(z, channel);
                if (channel != (int)EmOutput.AffinityZ)
                {
                    var (section, share) = _axis.Back(begin + z);
                    Mix(Section(section, channel), Section(section + 1, channel), share, to);
                }
                else
                {
                    var (lower, past, weight) = _axis.Face(begin + z);
                    Mix(Face(lower), Face(lower + 1), weight, to);
                    for (var face = lower + 1; face < past; face++) Lower(Face(face), to);
                }
            }

        ReadOnlySpan<byte> Section(int section, int channel) => maps.Slice(Inside(section) - first, channel);

        // The face below the first section leads out of the volume; the next one stands for it.
        ReadOnlySpan<byte> Face(int face) => Section(Math.Max(Math.Min(1, Sections - 1), face), (int)EmOutput.AffinityZ);
    }

    private int Inside(int section) => Math.Clamp(section, 0, Sections - 1);

    private static void Mix(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, float share, Span<byte> to)
    {
        var weight = (int)MathF.Round(share * 256);
        var (of, half, i) = (new Vector<ushort>((ushort)weight), new Vector<ushort>(128), 0);
        // At most 255 * 256 + 128, which 16 bits hold.
        for (; i <= to.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(a[i..]), out var aLow, out var aHigh);
            Vector.Widen(new Vector<byte>(b[i..]), out var bLow, out var bHigh);
            var (rest, low) = (new Vector<ushort>((ushort)(256 - weight)), bLow * of + half);
            Vector.Narrow((aLow * rest + low) >> 8, (aHigh * rest + bHigh * of + half) >> 8).CopyTo(to[i..]);
        }
        for (; i < to.Length; i++) to[i] = (byte)((a[i] * (256 - weight) + b[i] * weight + 128) >> 8);
    }

    private static void Lower(ReadOnlySpan<byte> by, Span<byte> to)
    {
        for (var i = 0; i < to.Length; i++) to[i] = Math.Min(to[i], by[i]);
    }

    // The image, whose sections are weighed together when they are read.
    private sealed class Resampled(ChunkedVolume<byte> image, AxisResampling axis) : ChunkedVolume<byte>
    {
        public override Index3 Shape => image.Shape with { Z = axis.Network };
        public override int Channels => 1;
        public override VoxelSize VoxelSize => new(image.VoxelSize.Z * axis.Image / axis.Network, image.VoxelSize.Y, image.VoxelSize.X);
        public override Index3 Chunk => image.Chunk;

        public override Volume<byte> Read(Box box)
        {
            var (first, past) = (int.MaxValue, int.MinValue);
            for (var z = box.Begin.Z; z < box.End.Z; z++)
            {
                var taps = axis.Taps(z, out var from);
                (first, past) = (Math.Min(first, from), Math.Max(past, from + taps.Length));
            }
            (first, past) = (Math.Max(0, first), Math.Min(axis.Image, past));
            var voxels = image.Read(new(box.Begin with { Z = first }, box.End with { Z = past }));
            var result = new Volume<byte>(box.Shape);
            var sums = new float[box.Shape.Y * box.Shape.X];
            for (var z = 0; z < box.Shape.Z; z++)
            {
                var taps = axis.Taps(box.Begin.Z + z, out var from);
                sums.AsSpan().Clear();
                for (var k = 0; k < taps.Length; k++)
                {
                    var section = voxels.Slice(Math.Clamp(from + k, first, past - 1) - first);
                    Add(section, taps[k], sums);
                }
                var to = result.Slice(z);
                for (var i = 0; i < to.Length; i++) to[i] = (byte)(sums[i] + 0.5f);
            }
            return result;
        }

        private static void Add(ReadOnlySpan<byte> section, float weight, Span<float> sums)
        {
            var (by, i) = (new Vector<float>(weight), 0);
            var lanes = Vector<float>.Count;
            for (; i <= sums.Length - 4 * lanes; i += 4 * lanes)
            {
                Vector.Widen(new Vector<byte>(section[i..]), out var low, out var high);
                Vector.Widen(low, out var a, out var b);
                Vector.Widen(high, out var c, out var d);
                (new Vector<float>(sums[i..]) + by * Vector.ConvertToSingle(a)).CopyTo(sums[i..]);
                (new Vector<float>(sums[(i + lanes)..]) + by * Vector.ConvertToSingle(b)).CopyTo(sums[(i + lanes)..]);
                (new Vector<float>(sums[(i + 2 * lanes)..]) + by * Vector.ConvertToSingle(c)).CopyTo(sums[(i + 2 * lanes)..]);
                (new Vector<float>(sums[(i + 3 * lanes)..]) + by * Vector.ConvertToSingle(d)).CopyTo(sums[(i + 3 * lanes)..]);
            }
            for (; i < sums.Length; i++) sums[i] += weight * section[i];
        }

        public override void Write(Box box, Volume<byte> voxels) => throw new NotSupportedException("A resampled image is read-only.");
    }
}
