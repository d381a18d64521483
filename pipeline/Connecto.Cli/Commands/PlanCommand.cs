using System.CommandLine;
using System.Globalization;
using Connecto.Sparse;

namespace Connecto.Cli.Commands;

/// <summary>`connecto plan MODEL`: the format and kernel of every layer on this machine, and why.</summary>
internal static class PlanCommand
{
    private const int UsualEdge = 512;

    public static Command Create()
    {
        var model = new Argument<string?>("model")
        {
            Description = "A model's folder or the name of a shipped one, a run's network folder, or a .npz or .safetensors file.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var size = new Option<string?>("--size")
        {
            Description = $"Rows and columns of the planes, or sections too: H,W or D,H,W. Default: {UsualEdge},{UsualEdge}.",
        };
        var batch = new Option<int?>("--batch") { Description = "Vectors that a matrix multiplies at once. Default: 1." };
        var threads = new Option<int?>("--threads") { Description = "Threads of a run. Default: 1." };
        var precision = new Option<string?>("--precision")
        {
            Description = "Precision of a matrix's weights: fp32, bf16, int8, int4 or int3. Default: fp32.",
        };
        var zeros = new Option<double?>("--zero-inputs") { Description = "Percent of a matrix's inputs that are 0 in a usual run. Default: 0." };
        var kernels = new Option<bool>("--kernels") { Description = "Print the table of all kernels, and which of them this machine has." };
        var json = new Option<bool>("--json") { Description = "Print all figures, rejected kernels included, as JSON." };
        var command = new Command("plan",
            "Shows for every layer the format and the kernel with the least expected time on this machine, what bounds it and what " +
            "the others would take.\n\nExample:\n  connecto plan sstem --size 512,512 --threads 2")
        {
            model, size, batch, threads, precision, zeros, kernels, json,
        };
        command.SetWork((parse, _) =>
        {
            var asJson = parse.GetValue(json);
            if (parse.GetValue(kernels))
            {
                if (asJson) Output.WriteJson(PlanText.Json(KernelVariant.All));
                else PlanText.Print(KernelVariant.All);
                return Task.FromResult(0);
            }
            var team = AtLeastOne("--threads", parse.GetValue(threads) ?? 1);
            var columns = AtLeastOne("--batch", parse.GetValue(batch) ?? 1);
            var extent = parse.GetValue(size) is { } text ? ParseSize(text) : (Extent?)null;
            var weights = ParsePrecision(parse.GetValue(precision));
            var idle = ParseShare(parse.GetValue(zeros) ?? 0);
            var source = PlanSource.Read(parse.GetValue(model) ?? throw new InvalidDataException(
                "a model is needed, as in `connecto plan sstem`, or --kernels; nothing was planned."));
            var layers = source.Network is { } network
                ? Network(network, extent ?? new Extent(UsualEdge, UsualEdge), team)
                : [.. source.Matrices.Select(m => Matrix(m.Name, m.Weights, columns, weights, idle, team))];
            if (asJson) Output.WriteJson(PlanText.Json(layers));
            else PlanText.Print(layers);
            return Task.FromResult(0);
        });
        return command;
    }

    private static List<PlannedLayer> Network(NetworkModel network, Extent size, int threads)
    {
        try
        {
            return [.. NetworkLayerPlan.Of(network, size, MachineProfile.Current, threads)
                .Select(l => new PlannedLayer(l.Name, l.Operator.ToString().ToLowerInvariant(), l.Size.ToString(), l.Plan))];
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"--size {size} does not fit the network: {e.Message} Nothing was planned.", e);
        }
    }

    private static PlannedLayer Matrix(
        string name, CsrMatrix weights, int columns, WeightPrecision precision, double zeroInputs, int threads)
    {
        var layer = LayerShape.Of(weights, columns) with { Precision = precision, ZeroInputs = zeroInputs };
        try
        {
            return new PlannedLayer(
                name, "product", columns.ToString(CultureInfo.InvariantCulture), Planner.Plan(layer, MachineProfile.Current, threads));
        }
        catch (NotSupportedException e)
        {
            throw new InvalidDataException($"layer '{name}': {e.Message} Choose another --precision or --batch; nothing was planned.", e);
        }
    }

    private static int AtLeastOne(string option, int value) =>
        value >= 1 ? value : throw new InvalidDataException($"{option} must be 1 or more, but is {value}; nothing was planned.");

    private static double ParseShare(double percent) => percent is >= 0 and <= 100 ? percent / 100
        : throw new InvalidDataException($"--zero-inputs must be a percentage from 0 to 100, but is {percent}; nothing was planned.");

    private static Extent ParseSize(string text)
    {
        var lengths = text.Split(',').Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is >= 1 and <= 1 << 20 ? length : 0).ToArray();
        return lengths switch
        {
            [> 0, > 0] => new Extent(lengths[0], lengths[1]),
            [> 0, > 0, > 0] => new Extent(lengths[0], lengths[1], lengths[2]),
            _ => throw new InvalidDataException($"--size '{text}' is not H,W or D,H,W, as in 512,512; nothing was planned."),
        };
    }

    private static WeightPrecision ParsePrecision(string? name)
    {
        if (name is null) return WeightPrecision.Float32;
        foreach (var precision in Enum.GetValues<WeightPrecision>())
            if (PlanText.Precision(precision) == name) return precision;
        throw new InvalidDataException(
            $"--precision '{name}' is none of {string.Join(", ", Enum.GetValues<WeightPrecision>().Select(PlanText.Precision))}; nothing was planned.");
    }
}
