using System.Globalization;

namespace Connecto.Benchmarks;

/// <summary>The sizes of one layer: y [M][N] = W [M][K] x [K][N].</summary>
/// <param name="Kind">What the product stands for.</param>
/// <param name="M">Outputs: rows of the weights.</param>
/// <param name="K">Inputs of one output: columns of the weights. A 3x3 convolution has nine times its channels.</param>
/// <param name="N">Columns: pixels, tokens, or the batch.</param>
public sealed record KernelShape(LayerKind Kind, int M, int K, int N)
{
    private const long MaxPlaces = 1 << 28;

    private static readonly string[] Kinds = ["conv3x3", "conv1x1", "product", "decode"];

    /// <summary>The layers that are measured unless others are asked for.</summary>
    public static IReadOnlyList<KernelShape> Defaults { get; } =
    [
        new(LayerKind.Convolution3, 64, 576, 4096),
        new(LayerKind.Convolution3, 32, 288, 16384),
        new(LayerKind.Convolution1, 256, 64, 3136),
        new(LayerKind.Convolution1, 512, 1024, 196),
        new(LayerKind.Convolution1, 2048, 512, 49),
        new(LayerKind.Product, 768, 768, 128),
        new(LayerKind.Product, 3072, 768, 128),
        new(LayerKind.Decode, 4096, 4096, 1),
        new(LayerKind.Decode, 4096, 4096, 8),
        new(LayerKind.Decode, 11008, 4096, 1),
        new(LayerKind.Decode, 11008, 4096, 8),
    ];

    /// <summary>KIND-MxKxN, for example conv3x3-64x576x4096.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Kinds[(int)Kind]}-{M}x{K}x{N}");

    /// <summary>Edge of a convolution's window; 1 where there is none.</summary>
    public int Window => Kind == LayerKind.Convolution3 ? 3 : 1;

    /// <summary>Planes or features that come in.</summary>
    public int Channels => K / (Window * Window);

    /// <summary>Whether the columns are the pixels of a square plane.</summary>
    public bool IsConvolution => Kind is LayerKind.Convolution3 or LayerKind.Convolution1;

    /// <summary>Pixels an edge of a convolution's planes.</summary>
    public int Edge => (int)Math.Sqrt(N);

    /// <summary>Reads a name, of a default layer or of any other.</summary>
    /// <exception cref="InvalidDataException">It is not KIND-MxKxN, or such a layer cannot be: a convolution's planes
    /// are square and a 3x3 convolution's K is a multiple of 9.</exception>
    public static KernelShape Parse(string name)
    {
        var dash = name.IndexOf('-');
        var kind = dash < 0 ? -1 : Array.IndexOf(Kinds, name[..dash]);
        var sizes = kind < 0 ? [] : name[(dash + 1)..].Split('x');
        Span<int> size = stackalloc int[3];
        var valid = sizes.Length == 3;
        for (var i = 0; valid && i < 3; i++)
            valid = int.TryParse(sizes[i], NumberStyles.None, CultureInfo.InvariantCulture, out size[i]) && size[i] > 0;
        if (!valid)
            throw new InvalidDataException(
                $"--shape '{name}' is not KIND-MxKxN with KIND one of {string.Join(", ", Kinds)}, " +
                $"for example {Defaults[0].Name}; nothing was measured.");
        var shape = new KernelShape((LayerKind)kind, size[0], size[1], size[2]);
        if (shape.IsConvolution && shape.Edge * shape.Edge != shape.N)
            throw new InvalidDataException(
                $"--shape '{name}' has {shape.N} pixels, which is no square plane; nothing was measured.");
        if (shape.K % (shape.Window * shape.Window) != 0)
            throw new InvalidDataException(
                $"--shape '{name}' has a K that is no multiple of 9; nothing was measured.");
        var places = Math.Max(Math.Max((long)shape.M * shape.K, (long)shape.K * shape.N), (long)shape.M * shape.N);
        if (places > MaxPlaces)
            throw new InvalidDataException(
                $"--shape '{name}' has a matrix of more than {MaxPlaces} places; nothing was measured.");
        return shape;
    }
}

/// <summary>What a product stands for.</summary>
public enum LayerKind
{
    /// <summary>A 3x3 convolution, stride 1, padding "same"; x is its planes, not their windows.</summary>
    Convolution3,

    /// <summary>A 1x1 convolution: a plain product that peers may also run as a convolution.</summary>
    Convolution1,

    /// <summary>A plain product.</summary>
    Product,

    /// <summary>A product with few columns, bound by reading the weights.</summary>
    Decode,
}
