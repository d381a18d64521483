using System.Globalization;

namespace Connecto.Viewer;

/// <summary>Who contacts whom: a matrix of neurons, row = postsynaptic, column = presynaptic, colour =
/// contacts.</summary>
/// <remarks>Colours follow the logarithm of the contacts. Where there are more neurons than pixels, a pixel shows the
/// sum over its square of pairs.</remarks>
public static class AdjacencyPicture
{
    private const int Side = 500;
    private static readonly Rgb Empty = Rgb.Hex(0x15111F);

    /// <summary>Draws it.</summary>
    /// <param name="neurons">How many; may be 0.</param>
    /// <param name="pairs">The pairs in contact; a pair given twice is added up.</param>
    /// <param name="options">Title and the neurons' order.</param>
    /// <exception cref="ArgumentException">A pair names no neuron or a negative weight, or the order is not a
    /// permutation.</exception>
    public static Picture Draw(int neurons, IEnumerable<NeuronPair> pairs, AdjacencyPictureOptions? options = null)
    {
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(neurons);
        var place = Places(neurons, options.Order);
        var cells = Math.Clamp(neurons, 1, Side);
        var matrix = new double[cells * cells];
        var (contacts, count) = (0.0, 0L);
        foreach (var (post, pre, size) in pairs)
        {
            if ((uint)post >= (uint)neurons || (uint)pre >= (uint)neurons || !(size >= 0 && double.IsFinite(size)))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"Pair {post}, {pre} with {size} contacts does not fit {neurons} neurons."), nameof(pairs));
            int row = (int)((long)place[post] * cells / neurons), column = (int)((long)place[pre] * cells / neurons);
            matrix[row * cells + column] += size;
            contacts += size;
            count++;
        }
        var least = matrix.Where(c => c > 0).DefaultIfEmpty(1).Min();
        var shades = new ContactScale(least, Math.Max(matrix.Max(), 2 * least));
        var text = $"{NumberText.Plural(neurons, "neuron")}, {NumberText.Count(count)} connected "
            + $"{(count == 1 ? "pair" : "pairs")}, {NumberText.Count(contacts)} contacts"
            + (neurons > cells ? string.Create(CultureInfo.InvariantCulture,
                $"; a pixel adds up {neurons / (double)cells:0.#} × {neurons / (double)cells:0.#} pairs") : "");
        return Figure.Compose(options.Title, text, $"Adjacency matrix as a heat map: {text}.",
            Body(matrix, cells, neurons, shades));
    }

    private static Canvas Body(double[] matrix, int cells, int neurons, ContactScale shades)
    {
        var side = Math.Max(1, Side / cells) * cells;
        var canvas = new Canvas(ChartAxes.Left + side + 20 + ColorBar.Width, 8 + side + ChartAxes.Bottom);
        var plot = new PixelRect(ChartAxes.Left, 8, side, side);
        var cell = side / cells;
        for (var row = 0; row < cells; row++)
            for (var column = 0; column < cells; column++)
                canvas.Fill(new(plot.X + column * cell, plot.Y + row * cell, cell, cell),
                    shades.Color(matrix[row * cells + column]));
        var axes = new ChartAxes(plot, new LinearScale(0, Math.Max(1, neurons)), new DownScale(Math.Max(1, neurons)))
        {
            XLabel = "presynaptic neuron",
            YLabel = "postsynaptic neuron",
        };
        axes.DrawAxes(canvas);
        ColorBar.Draw(canvas, new(plot.Right + 16, plot.Y, 14, side), ContactScale.Shade, shades, "contacts");
        return canvas;
    }

    private static int[] Places(int neurons, IReadOnlyList<int>? order)
    {
        var place = new int[neurons];
        if (order is null)
        {
            for (var i = 0; i < neurons; i++) place[i] = i;
            return place;
        }
        Array.Fill(place, -1);
        for (var i = 0; i < order.Count && order.Count == neurons; i++)
            if ((uint)order[i] < (uint)neurons) place[order[i]] = i;
        if (order.Count != neurons || place.Contains(-1))
            throw new ArgumentException($"The order must name each of {neurons} neurons once.", nameof(order));
        return place;
    }

    /// <summary>0 at the top.</summary>
    private sealed class DownScale(double to) : AxisScale
    {
        private readonly LinearScale _up = new(0, to);

        internal override IReadOnlyList<double> Ticks => _up.Ticks;

        internal override double At(double value) => 1 - _up.At(value);

        internal override string Label(double tick) => _up.Label(tick);
    }

    /// <summary>Colours of connected pairs, by the logarithm of their contacts.</summary>
    private sealed class ContactScale(double least, double most) : AxisScale
    {
        private readonly LogScale _scale = new(least, most);

        internal override IReadOnlyList<double> Ticks => _scale.Ticks;

        internal override double At(double value) => _scale.At(value);

        internal override string Label(double tick) => _scale.Label(tick);

        internal Rgb Color(double contacts) => contacts > 0 ? Shade(At(contacts)) : Empty;

        /// <summary>The darkest fifth of the map is left out: a lone contact must stand out from none.</summary>
        internal static Rgb Shade(double share) => ColorMap.Viridis.At(0.28 + 0.72 * share);
    }
}

/// <summary>A connected pair.</summary>
/// <param name="Post">The postsynaptic neuron: the row.</param>
/// <param name="Pre">The presynaptic neuron: the column.</param>
/// <param name="Contacts">Synapses between them, or another weight above 0.</param>
public readonly record struct NeuronPair(int Post, int Pre, double Contacts);

/// <summary>How the matrix is shown.</summary>
public sealed record AdjacencyPictureOptions
{
    /// <summary>Drawn above.</summary>
    public string Title { get; init; } = "Connectivity";

    /// <summary>The neurons from the top and left on; by number where null.</summary>
    public IReadOnlyList<int>? Order { get; init; }
}
