namespace Connecto.Viewer;

/// <summary>Who contacts whom: a matrix of neurons, row = postsynaptic, column = presynaptic, colour = contacts.</summary>
/// <remarks>Colours follow the logarithm of 1 + contacts. Where there are more neurons than pixels, a pixel shows the sum
/// over its square of pairs.</remarks>
public static class AdjacencyPicture
{
    private const int Side = 500;
    private static readonly Rgb Empty = Rgb.Hex(0x15111F);

    /// <summary>Draws it.</summary>
    /// <param name="neurons">How many; may be 0.</param>
    /// <param name="pairs">The pairs in contact; a pair given twice is added up.</param>
    /// <param name="options">Title and the neurons' order.</param>
    /// <exception cref="ArgumentException">A pair names no neuron, or the order is not a permutation.</exception>
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
            if ((uint)post >= (uint)neurons || (uint)pre >= (uint)neurons)
                throw new ArgumentException($"Pair {post}, {pre} is outside {neurons} neurons.", nameof(pairs));
            int row = (int)((long)place[post] * cells / neurons), column = (int)((long)place[pre] * cells / neurons);
            matrix[row * cells + column] += size;
            contacts += size;
            count++;
        }
        var most = Math.Max(1, matrix.Max());
        var text = $"{NumberText.Plural(neurons, "neuron")}, {NumberText.Count(count)} connected "
            + $"{(count == 1 ? "pair" : "pairs")}, {NumberText.Count(contacts)} contacts"
            + (neurons > cells ? $"; a pixel adds up {neurons / (double)cells:0.#} × {neurons / (double)cells:0.#} pairs" : "");
        return Figure.Compose(options.Title, text, $"Adjacency matrix as a heat map: {text}.",
            Body(matrix, cells, neurons, most));
    }

    private static Canvas Body(double[] matrix, int cells, int neurons, double most)
    {
        var side = Math.Max(1, Side / cells) * cells;
        var canvas = new Canvas(ChartAxes.Left + side + 20 + ColorBar.Width, 8 + side + ChartAxes.Bottom);
        var plot = new PixelRect(ChartAxes.Left, 8, side, side);
        var cell = side / cells;
        for (var row = 0; row < cells; row++)
            for (var column = 0; column < cells; column++)
                canvas.Fill(new(plot.X + column * cell, plot.Y + row * cell, cell, cell),
                    Color(matrix[row * cells + column], most));
        var axes = new ChartAxes(plot, new LinearScale(0, Math.Max(1, neurons)), new DownScale(Math.Max(1, neurons)))
        {
            XLabel = "presynaptic neuron",
            YLabel = "postsynaptic neuron",
        };
        axes.DrawAxes(canvas);
        ColorBar.Draw(canvas, new(plot.Right + 16, plot.Y, 14, side), t => Color(Math.Exp(t * Math.Log(1 + most)) - 1, most),
            new ContactScale(most), "contacts");
        return canvas;
    }

    private static Rgb Color(double contacts, double most) => contacts <= 0 ? Empty
        : ColorMap.Viridis.At(0.22 + 0.78 * Math.Log(1 + contacts) / Math.Log(1 + most));

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

    /// <summary>Log of 1 + contacts; ticks at 0, 1 and round numbers.</summary>
    private sealed class ContactScale(double most) : AxisScale
    {
        internal override IReadOnlyList<double> Ticks { get; } =
            [.. new double[] { 0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6 }.Where(t => t <= most)];

        internal override double At(double value) => Math.Log(1 + value) / Math.Log(1 + most);

        internal override string Label(double tick) => NumberText.Short(tick, Math.Max(1, tick));
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
