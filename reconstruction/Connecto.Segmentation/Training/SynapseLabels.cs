using Connecto.Volumes;

namespace Connecto.Segmentation.Training;

/// <summary>Turns a source's synapse labels into known and unknown clefts and presynaptic sides.</summary>
internal static class SynapseLabels
{
    /// <summary>Reads instance labels whose ids are parts of synapses: vesicle pools, T-bars, densities.</summary>
    /// <remarks>Every id but the vesicles' is cleft. Where no presynaptic id is given, no presynaptic side is known. Where
    /// some are, a synapse without one within the radius has an unlabelled side, so a disc around it stays unknown.</remarks>
    public static Volume<byte> FromIds(
        Volume<ulong> labels, IReadOnlyCollection<ulong> presynaptic, IReadOnlyCollection<ulong> vesicles, int radius)
    {
        var (before, pools) = (presynaptic.ToHashSet(), vesicles.ToHashSet());
        var bits = new Volume<byte>(labels.Shape);
        for (var i = 0; i < bits.Data.Length; i++)
        {
            var id = labels.Data[i];
            var known = SynapseBits.CleftKnown | (before.Count > 0 ? SynapseBits.PresynapticKnown : 0);
            if (id != 0 && !pools.Contains(id)) known |= SynapseBits.Cleft;
            if (before.Contains(id)) known |= SynapseBits.Presynaptic;
            bits.Data[i] = (byte)known;
        }
        if (before.Count > 0)
            for (var z = 0; z < labels.Shape.Z; z++)
                ForgetUnlabelledSides(bits.Slice(z), labels.Shape.Y, labels.Shape.X, radius);
        return bits;
    }

    /// <summary>Nothing is known.</summary>
    public static Volume<byte> None(Index3 shape) => new(shape);

    // A cleft voxel with no presynaptic voxel in the square around it takes the verdict from that square.
    private static void ForgetUnlabelledSides(Span<byte> section, int height, int width, int radius)
    {
        var sides = new SquareSums(section, (byte)SynapseBits.Presynaptic, height, width);
        var orphans = new byte[section.Length];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                if ((section[y * width + x] & (byte)SynapseBits.Cleft) != 0 && sides.Around(y, x, radius) == 0)
                    orphans[y * width + x] = 1;
        var near = new SquareSums(orphans, 1, height, width);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                if ((section[y * width + x] & (byte)SynapseBits.Presynaptic) == 0 && near.Around(y, x, radius) > 0)
                    section[y * width + x] &= unchecked((byte)~SynapseBits.PresynapticKnown);
    }

    // Sums of a bit over squares, through a summed-area table.
    private readonly struct SquareSums
    {
        private readonly int[] _sums;
        private readonly int _height, _width;

        public SquareSums(ReadOnlySpan<byte> section, byte bit, int height, int width)
        {
            (_height, _width, _sums) = (height, width, new int[(height + 1) * (width + 1)]);
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                    _sums[(y + 1) * (width + 1) + x + 1] = ((section[y * width + x] & bit) != 0 ? 1 : 0)
                        + _sums[y * (width + 1) + x + 1] + _sums[(y + 1) * (width + 1) + x] - _sums[y * (width + 1) + x];
        }

        public int Around(int y, int x, int radius)
        {
            int y0 = Math.Max(0, y - radius), y1 = Math.Min(_height, y + radius + 1);
            int x0 = Math.Max(0, x - radius), x1 = Math.Min(_width, x + radius + 1);
            var w = _width + 1;
            return _sums[y1 * w + x1] - _sums[y0 * w + x1] - _sums[y1 * w + x0] + _sums[y0 * w + x0];
        }
    }
}
