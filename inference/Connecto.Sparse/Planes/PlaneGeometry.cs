namespace Connecto.Sparse.Planes;

/// <summary>The layouts of all values of a program for one size of its input.</summary>
/// <remarks>
/// Whatever a convolution or a position-wise operation reads and writes must have rows of the same pitch and sections of
/// the same rows, since its kernels reach all planes by one place. Such values are found by union, and get room for the
/// widest of them with its borders. Values of the same group and size share a level of the arena: their planes take turns
/// in the same memory.
/// </remarks>
internal sealed class PlaneGeometry
{
    private readonly PlaneProgram program;
    private readonly int[] groups;
    private readonly Extent[] sizes;
    private readonly int[] levels;

    /// <exception cref="ArgumentException">The network cannot be computed for that size.</exception>
    public PlaneGeometry(PlaneProgram program, Extent input)
    {
        this.program = program;
        var places = NetworkSizes.Of(program.Graph, input);
        sizes = [.. program.Values.Select(v => places[v.Place].With(v.Divisor, (length, by) => (length + by - 1) / by))];
        groups = Join();
        levels = new int[sizes.Length];
        Arena = new PlaneArena();
        AddLevels();
    }

    /// <summary>The memory of the planes, not yet allocated.</summary>
    public PlaneArena Arena { get; }

    public PlaneLayout LayoutOf(int value) => Arena.LayoutOf(levels[FirstOwner(value)]);

    public Extent SizeOf(int value) => sizes[value];

    /// <summary>Takes the planes of a value that has planes of its own.</summary>
    public int[] Take(int value) => Arena.Take(levels[value], program.Values[value].Channels);

    private int[] Join()
    {
        var parent = Enumerable.Range(0, sizes.Length).ToArray();
        for (var value = 0; value < sizes.Length; value++)
            if (program.Values[value].Parts is { } parts)
                foreach (var part in parts) Unite(value, part);
        foreach (var op in program.Operations)
            if (op.Operation is not (PlaneOperation.Phases or PlaneOperation.MaxPool or PlaneOperation.AveragePool
                or PlaneOperation.GlobalPool or PlaneOperation.Upsample or PlaneOperation.Bilinear))
                foreach (var input in op.Inputs) Unite(input, op.Output);
        return [.. Enumerable.Range(0, sizes.Length).Select(Root)];

        int Root(int value)
        {
            while (parent[value] != value) value = parent[value] = parent[parent[value]];
            return value;
        }

        void Unite(int a, int b) => parent[Root(a)] = Root(b);
    }

    private void AddLevels()
    {
        var rooms = new PlaneRoom[sizes.Length];
        for (var value = 0; value < sizes.Length; value++)
            rooms[groups[value]] = rooms[groups[value]].With(sizes[value], default, default);
        foreach (var op in program.Operations)
            if (op is { Operation: PlaneOperation.Convolve, Convolution: { } convolution })
            {
                var (read, written) = (sizes[op.Inputs[0]], sizes[op.Output]);
                ref var room = ref rooms[groups[op.Output]];
                room = room.With(read.With(written, Math.Max), convolution.Border(read, written), convolution.Reach);
            }
        Dictionary<(int Group, Extent Size), int> known = [];
        for (var value = 0; value < sizes.Length; value++)
        {
            if (program.Values[value].Parts is not null) continue;
            var key = (groups[value], sizes[value]);
            if (known.TryGetValue(key, out levels[value])) continue;
            known.Add(key, levels[value] = known.Count);
            Arena.AddLevel(levels[value], rooms[groups[value]].Layout(sizes[value]));
        }
    }

    private int FirstOwner(int value) => program.Owners(value).First();
}
