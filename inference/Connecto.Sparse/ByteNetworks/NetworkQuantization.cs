using Connecto.Sparse.ByteNetworks;

namespace Connecto.Sparse;

/// <summary>How the planes of a network become bytes: the file quantization.json beside its graph and weights.</summary>
/// <remarks>
/// Idea: every plane of such a network is 0 or more (each convolution but the last is followed by a Relu), so one number a
/// plane tells all: value = step * byte. Planes that are added, pooled or repeated share their step, so that joins are sums of
/// bytes. Weights are quantised from the model's floats, an output channel each, when it is made ready to run.
/// The file: {"format": "connecto-quantization", "version": 1, "input": {"step", "zero"}, "steps": {NODE: step...}}; a Relu
/// behind a convolution stands for both. Immutable.
/// </remarks>
public sealed class NetworkQuantization
{
    /// <summary>The file's name in a model's folder.</summary>
    public const string FileName = "quantization.json";

    private readonly SortedDictionary<string, double> steps;

    /// <summary>Takes steps over.</summary>
    /// <param name="input">What input bytes stand for.</param>
    /// <param name="steps">Step by node; copied.</param>
    /// <exception cref="InvalidDataException">A number is not finite and above 0, or the input's zero is not in [0, 255].</exception>
    public NetworkQuantization(PixelScale input, IReadOnlyDictionary<string, double> steps)
    {
        if (!input.IsValid)
            throw QuantizationFile.Bad($"its input has step {input.Step} and zero {input.Zero}; a step is above 0, a zero in [0, 255]");
        foreach (var (name, step) in steps)
            if (!(step > 0 && float.IsFinite((float)step) && (float)step > 0))
                throw QuantizationFile.Bad($"node '{name}' has the step {step}; a step is finite and above 0");
        Input = input;
        this.steps = new(steps.ToDictionary(), StringComparer.Ordinal);
    }

    /// <summary>What input bytes stand for.</summary>
    public PixelScale Input { get; }

    /// <summary>What one step of a byte is worth, by node.</summary>
    public IReadOnlyDictionary<string, double> Steps => steps;

    /// <summary>Chooses steps by what samples do in the network.</summary>
    /// <param name="model">The network, in floats.</param>
    /// <param name="input">What input bytes stand for.</param>
    /// <param name="samples">Inputs of the network as floats, [Inputs][height][width] each; one at least. A dozen of 256 x
    /// 256 pixels tell as much as thousands.</param>
    /// <param name="threads">Threads; the result does not depend on them.</param>
    /// <returns>For every group of planes that share a step, the one with the least mean square error of rounding and
    /// clipping on the samples.</returns>
    /// <exception cref="InvalidDataException">The network cannot run on bytes; the message says which node cannot.</exception>
    /// <exception cref="ArgumentException">There is no sample, or one does not fit the network.</exception>
    /// <remarks>As long as running every layer once on its own, and a sample's planes in floats of memory. Deterministic.</remarks>
    public static NetworkQuantization Calibrate(
        NetworkModel model, PixelScale input, IEnumerable<Tensor> samples, int threads = 1) =>
        Calibration.Run(model, input, samples, threads);

    /// <summary>Whether a model's folder has the file.</summary>
    public static bool ExistsIn(string directory) => File.Exists(Path.Combine(directory, FileName));

    /// <summary>Reads the file from a model's folder.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is not what it should be; the message says what and where.</exception>
    public static NetworkQuantization Load(string directory) => QuantizationFile.Load(Path.Combine(directory, FileName));

    /// <summary>Writes the file into a model's folder, under a temporary name first.</summary>
    public void Save(string directory)
    {
        Directory.CreateDirectory(directory);
        QuantizationFile.Save(this, Path.Combine(directory, FileName));
    }

    /// <summary>Proves that the steps are those of a network.</summary>
    /// <exception cref="InvalidDataException">A node has no step, or a step no node, or the network cannot run on
    /// bytes.</exception>
    public void Check(NetworkModel model) => Check(ByteGraph.Of(model));

    internal void Check(ByteGraph graph)
    {
        foreach (var value in graph.Values)
            if (!steps.ContainsKey(value)) throw QuantizationFile.Bad($"node '{value}' of the network has no step");
        if (steps.Keys.Except(graph.Values).FirstOrDefault() is { } unknown)
            throw QuantizationFile.Bad($"it has a step for '{unknown}', which is no node of the network that becomes bytes");
        foreach (var (value, group) in graph.Groups)
            if (steps[value] != steps[group])
                throw QuantizationFile.Bad(
                    $"nodes '{value}' and '{group}' are added, pooled or repeated and need one step; found {steps[value]} and {steps[group]}");
    }
}
