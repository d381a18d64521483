using Connecto.Sparse.ByteNetworks;

namespace Connecto.Sparse;

/// <summary>A network on unsigned bytes, planned for one size: bytes in, probabilities * 255 out.</summary>
/// <remarks>
/// Idea: all planes are bytes from the image to the last layer (<see cref="NetworkQuantization"/>), a convolution
/// multiplies only blocks of four weights that are not all zero, requantises in registers, and the layers take turns by bands
/// of lines, so that planes are read while they are in the second cache. Plan and code are shared by any number of
/// <see cref="ByteNetworkSession"/>, one a thread: no thread ever waits for another. Results have the bits of the definition
/// (<see cref="NetworkQuantization"/>, docs of each operator) on every machine. Given up: networks beyond convolutions with
/// Relu, poolings and sums, whose last convolution has a Sigmoid; and logits beyond +-6.4, which stay there.
/// </remarks>
/// <example><code>
/// using var network = new ByteNetwork(NetworkModel.Load("model"), NetworkQuantization.Load("model"), 512, 512);
/// var session = network.NewSession();
/// session.Run(pixels, probabilities); // [Inputs][512][512] and [Outputs][512][512]
/// </code></example>
public sealed class ByteNetwork : IDisposable
{
    /// <summary>What a byte of a logit stands for: 0 or 1 of 255 where it is cut, 3 of 255 a step where it is
    /// steepest.</summary>
    internal static readonly ByteScale Logits = new(0.05f, 128);

    /// <summary>Lines of a band.</summary>
    private const int DefaultBand = 16;

    private readonly BytePlan plan;

    /// <summary>Plans a network for planes of one size.</summary>
    /// <param name="model">The network; its weights are quantised and copied.</param>
    /// <param name="quantization">Its steps.</param>
    /// <param name="height">Lines of the input; a positive multiple of the network's SizeMultiple.</param>
    /// <param name="width">Pixels of a line, likewise; multiples of 16 times the SizeMultiple waste nothing.</param>
    /// <param name="options">Kernels and bands; null for the best.</param>
    /// <exception cref="InvalidDataException">The network cannot run on bytes, or the steps are not its own.</exception>
    /// <exception cref="ArgumentException">The size is no such multiple.</exception>
    /// <exception cref="PlatformNotSupportedException">Generated code was asked for by name where none can run.</exception>
    /// <remarks>Some 10 ms a layer.</remarks>
    public ByteNetwork(
        NetworkModel model, NetworkQuantization quantization, int height, int width, ByteNetworkOptions? options = null)
    {
        var multiple = model.SizeMultiple;
        if (height < 1 || width < 1 || height % multiple != 0 || width % multiple != 0)
            throw new ArgumentException($"Height and width must be positive multiples of {multiple}; found {height} x {width}.");
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfNegative(options.BandLines, nameof(options));
        (Inputs, Outputs, Height, Width) = (model.Inputs, model.Outputs, height, width);
        var band = options.BandLines == 0 ? DefaultBand : options.BandLines;
        plan = new BytePlan(model, quantization, new(height, width), options.Kernel, band);
    }

    /// <summary>Input channels.</summary>
    public int Inputs { get; }

    /// <summary>Output channels.</summary>
    public int Outputs { get; }

    /// <summary>Lines of a plane.</summary>
    public int Height { get; }

    /// <summary>Pixels of a line.</summary>
    public int Width { get; }

    /// <summary>Multiply-adds of all convolutions a pixel of the input, zeros included.</summary>
    public double MultiplyAddsPerPixel => plan.Layers.Sum(l => l.Dense);

    /// <summary>Those that are done: of blocks of four weights that are not all zero.</summary>
    public double KeptMultiplyAddsPerPixel => plan.Layers.Sum(l => l.Kept);

    /// <summary>The convolutions in order.</summary>
    public IReadOnlyList<ByteLayerDescription> Describe() => plan.Layers;

    /// <summary>Memory for one run at a time; some 180 bytes a pixel where the finest layers have 20 channels. Ends with the
    /// network.</summary>
    public ByteNetworkSession NewSession() => new(this, plan);

    /// <summary>Gives generated code back; sessions must not run any more.</summary>
    public void Dispose() => plan.Dispose();
}

/// <summary>One convolution of a <see cref="ByteNetwork"/>.</summary>
/// <param name="Name">The node.</param>
/// <param name="Dense">Multiply-adds a pixel of the network's input, zeros included.</param>
/// <param name="Kept">Those of blocks that are not all zero.</param>
/// <param name="Kernel">The kernel and why.</param>
public sealed record ByteLayerDescription(string Name, double Dense, double Kept, string Kernel);
