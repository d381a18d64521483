using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Connecto.Volumes.Precomputed;

/// <summary>Makes one voxel of each window of up to 2 x 2 x 2.</summary>
/// <param name="lead">Voxels that the first window lacks at its beginning: 0 or 1 an axis.</param>
/// <param name="factor">Voxels of a window, 1 or 2 an axis.</param>
/// <remarks>Windows at the volume's faces may be cut and use the voxels that they have.</remarks>
internal readonly struct Downsampling(Index3 lead, Index3 factor)
{
    /// <summary>Averages; whole numbers are rounded to the nearest, halves upwards.</summary>
    public void Mean<T>(Volume<T> source, Volume<T> target) where T : unmanaged, INumber<T> =>
        Apply(source, target, default(MeanOf<T>));

    /// <summary>Takes the commonest value; see <see cref="Pyramid"/> for ties.</summary>
    public void Mode<T>(Volume<T> source, Volume<T> target) where T : unmanaged, INumber<T> =>
        Apply(source, target, default(ModeOf<T>));

    private interface IReduction<T> where T : unmanaged
    {
        static abstract T Reduce(ReadOnlySpan<T> window);

        /// <summary>Reduces as many whole windows at the beginning of a row as it has a quick way for.</summary>
        /// <param name="rows">The source rows of the windows, 1, 2 or 4 of equal length.</param>
        /// <param name="target">Half as long.</param>
        /// <returns>Windows done.</returns>
        static abstract int ReduceRow(SourceRows<T> rows, Span<T> target);
    }

    /// <summary>The rows that a row of windows covers, z slowest; each begins at the first window.</summary>
    private readonly ref struct SourceRows<T>(Span<T> source, int first, int plane, int row, int z, int y, int length)
    {
        private readonly Span<T> source = source;

        public int Count => z * y;

        public ReadOnlySpan<T> this[int i] => source.Slice(first + i / y * plane + i % y * row, length);
    }

    private void Apply<T, TReduction>(Volume<T> source, Volume<T> target, TReduction _)
        where T : unmanaged where TReduction : struct, IReduction<T>
    {
        Span<T> window = stackalloc T[8];
        for (var c = 0; c < target.Channels; c++)
            for (var z = 0; z < target.Shape.Z; z++)
            {
                var (z0, z1) = Range(z, lead.Z, factor.Z, source.Shape.Z);
                for (var y = 0; y < target.Shape.Y; y++)
                {
                    var (y0, y1) = Range(y, lead.Y, factor.Y, source.Shape.Y);
                    var row = target.Slice(z, c).Slice(y * target.Shape.X, target.Shape.X);
                    var whole = lead.X == 0 && factor.X == 2 ? source.Shape.X / 2 : 0;
                    var done = whole == 0 ? 0 : TReduction.ReduceRow(new SourceRows<T>(source.Channel(c), (z0 * source.Shape.Y + y0) * source.Shape.X,
                        source.Shape.Y * source.Shape.X, source.Shape.X, z1 - z0, y1 - y0, 2 * whole), row[..whole]);
                    for (var x = done; x < row.Length; x++)
                    {
                        var (x0, x1) = Range(x, lead.X, factor.X, source.Shape.X);
                        var count = 0;
                        for (var sz = z0; sz < z1; sz++)
                            for (var sy = y0; sy < y1; sy++)
                            {
                                var from =
                                    (int)((((long)c * source.Shape.Z + sz) * source.Shape.Y + sy) * source.Shape.X);
                                for (var sx = x0; sx < x1; sx++) window[count++] = source.Data[from + sx];
                            }
                        row[x] = TReduction.Reduce(window[..count]);
                    }
                }
            }
    }

    private static (int Begin, int End) Range(int at, int lead, int factor, int length) =>
        (Math.Max(0, at * factor - lead), Math.Min(length, (at + 1) * factor - lead));

    private readonly struct MeanOf<T> : IReduction<T> where T : unmanaged, INumber<T>
    {
        public static int ReduceRow(SourceRows<T> rows, Span<T> target)
        {
            if (typeof(T) != typeof(byte)) return 0;
            var to = MemoryMarshal.AsBytes(target);
            var shift = BitOperations.Log2((uint)rows.Count) + 1;
            var half = Vector512.Create((ushort)(1 << shift - 1));
            var x = 0;
            for (; x + 32 <= to.Length; x += 32)
            {
                var sum = half;
                for (var r = 0; r < rows.Count; r++)
                {
                    var pairs = Vector512.Create(MemoryMarshal.AsBytes(rows[r]).Slice(2 * x, 64)).AsUInt16();
                    sum += (pairs & Vector512.Create((ushort)255)) + (pairs >>> 8);
                }
                sum >>>= shift;
                Vector256.Narrow(sum.GetLower(), sum.GetUpper()).CopyTo(to[x..]);
            }
            return x;
        }

        public static T Reduce(ReadOnlySpan<T> window)
        {
            if (typeof(T) == typeof(float))
            {
                double sum = 0;
                foreach (var value in window) sum += double.CreateTruncating(value);
                return T.CreateTruncating(sum / window.Length);
            }
            if (typeof(T) == typeof(ulong))
            {
                UInt128 sum = 0;
                foreach (var value in window) sum += ulong.CreateTruncating(value);
                return T.CreateTruncating((sum + (uint)window.Length / 2) / (uint)window.Length);
            }
            ulong small = 0;
            foreach (var value in window) small += ulong.CreateTruncating(value);
            return T.CreateTruncating((small + (uint)window.Length / 2) / (uint)window.Length);
        }
    }

    private readonly struct ModeOf<T> : IReduction<T> where T : unmanaged, INumber<T>
    {
        public static int ReduceRow(SourceRows<T> rows, Span<T> target)
        {
            Span<T> window = stackalloc T[8];
            var (count, last) = (rows.Count, rows.Count - 1);
            ReadOnlySpan<T> a = rows[0], b = rows[Math.Min(1, last)], c = rows[Math.Min(2, last)], d = rows[last];
            for (var x = 0; x < target.Length; x++)
            {
                var (i, id) = (2 * x, a[2 * x]);
                if (a[i + 1] == id && b[i] == id && b[i + 1] == id && c[i] == id && c[i + 1] == id && d[i] == id && d[i + 1] == id)
                {
                    target[x] = id;
                    continue;
                }
                for (var r = 0; r < count; r++) rows[r].Slice(i, 2).CopyTo(window[(2 * r)..]);
                target[x] = Reduce(window[..(2 * count)]);
            }
            return target.Length;
        }

        public static T Reduce(ReadOnlySpan<T> window)
        {
            var first = window[0];
            if (window.IndexOfAnyExcept(first) < 0) return first;
            var (best, bestCount) = (T.Zero, 0);
            for (var i = 0; i < window.Length; i++)
            {
                // Later copies of a value count less than its first one and cannot win.
                var count = window[i..].Count(window[i]);
                if (count > bestCount || count == bestCount && best == T.Zero) (best, bestCount) = (window[i], count);
            }
            return best;
        }
    }
}
