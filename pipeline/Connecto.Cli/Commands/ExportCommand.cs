using System.CommandLine;
using System.Globalization;
using Connecto.BrainNetworks;
using Connecto.Pipeline;
using Connecto.Segmentation.Model;
using Connecto.Sparse;

namespace Connecto.Cli.Commands;

/// <summary>`connecto export onnx MODEL --out FILE`: a model's network for other runtimes.</summary>
internal static class ExportCommand
{
    public static Command Create() =>
        new("export", "Writes a model's network in a format of others.\n\nExample:\n  connecto export onnx fibsem --out fibsem.onnx")
        {
            CreateOnnx(), CreateLayers(), CreateColumns(),
        };

    private static Command CreateLayers()
    {
        var directory = new Argument<string>("dir") { Description = "A directory with network/layered: of a run, or of `connecto network`." };
        var output = new Option<string>("--out") { Description = "The model's folder; made if absent.", Required = true };
        var command = new Command("layers",
            "Writes the layered network of a graph as an ordinary model of the engine, a linear node and a rectification a layer, which `plan` and " +
            "`export onnx` read.\n\nExample:\n  connecto export layers out --out layers")
        {
            directory, output,
        };
        command.SetWork((parse, _) =>
        {
            var path = Path.GetFullPath(parse.GetRequiredValue(output));
            if (File.Exists(path)) throw new InvalidDataException($"--out '{path}' is a file; give a folder. Nothing was written.");
            var network = LayeredNetwork.Load(new RunDirectory(parse.GetRequiredValue(directory)));
            var model = LayeredModel.Of(network, LayeredOutput.AllLayers);
            model.Save(path);
            Console.Out.WriteLine(FormattableString.Invariant(
                $"{network.Layers.Count} layers, {network.WeightCount} weights, {model.Inputs} inputs, {model.Outputs} outputs: {path}"));
            return Task.FromResult(0);
        });
        return command;
    }

    private static Command CreateColumns()
    {
        var directory = new Argument<string>("dir") { Description = "A run's directory, or any other that holds a connectome." };
        var output = new Option<string>("--out") { Description = "The file to write; one that is there is replaced.", Required = true };
        var recipe = new RecipeOptions();
        var command = new Command("columns",
            "Writes a connectome's signed contacts as columns that spiking runs map, 6 bytes a connection; the connectome may be larger than memory." +
            "\n\nExample:\n  connecto export columns out --out synapses.columns")
        {
            directory, output,
        };
        foreach (var option in recipe.All) command.Add(option);
        command.SetWork((parse, _) =>
        {
            var path = Path.GetFullPath(parse.GetRequiredValue(output));
            if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)))
                throw new InvalidDataException($"--out '{path}' is a folder or lies in one that does not exist; nothing was written.");
            using var connectome = ConnectomeSource.Open(parse.GetRequiredValue(directory)).Connectome;
            var asked = recipe.Apply(NetworkRecipe.SignedContacts, parse);
            if (recipe.Tables(parse) is { } tables) asked = asked with { Transmitters = TransmitterTable.Read(asked.Transmitters ?? new(), tables) };
            SynapseColumnFile.Write(path, connectome, asked);
            Console.Out.WriteLine(FormattableString.Invariant(
                $"{connectome.NeuronCount} neurons, {connectome.EdgeCount} connections, {new FileInfo(path).Length} bytes: {path}"));
            return Task.FromResult(0);
        });
        return command;
    }

    private static Command CreateOnnx()
    {
        var model = new Argument<string>("model")
        {
            Description = "A model's folder, the name of a shipped one (sstem, fibsem), or a folder with network.json.",
        };
        var output = new Option<string>("--out") { Description = "The file to write; one that is there is replaced.", Required = true };
        var size = new Option<string?>("--size") { Description = "The only rows,columns that the file takes, e.g. 512,512. Default: any that fit the network." };
        var command = new Command("onnx",
            "Writes the network as ONNX, operator set 17, floats: sections in (batch, section, row, column), maps out. How sections " +
            "become its input is in the file's metadata.\n\nExample:\n  connecto export onnx fibsem --out fibsem.onnx --size 512,512")
        {
            model, output, size,
        };
        command.SetWork((parse, _) =>
        {
            var path = Path.GetFullPath(parse.GetRequiredValue(output));
            if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)))
                throw new InvalidDataException($"--out '{path}' is a folder or lies in one that does not exist; nothing was written.");
            var folder = Models.Resolve(parse.GetRequiredValue(model));
            var (network, metadata) = Read(folder);
            var options = new OnnxOptions
            {
                Name = Path.GetFileName(folder.TrimEnd(Path.DirectorySeparatorChar)),
                Size = parse.GetValue(size) is { } text ? ParseSize(text, network) : null,
                Metadata = metadata,
            };
            OnnxFile.Write(network, path, options);
            Console.Out.WriteLine(FormattableString.Invariant(
                $"{network.Nodes.Count} nodes, {network.Parameters} weights, {network.Inputs} channels in, {network.Outputs} out: {path}"));
            return Task.FromResult(0);
        });
        return command;
    }

    private static (NetworkModel Network, Dictionary<string, string> Metadata) Read(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "model.json"))) return (NetworkModel.Load(folder), []);
        var model = EmModel.Load(folder);
        var info = model.Info;
        return (model.Network, new()
        {
            ["connecto.model"] = info.Name,
            ["connecto.voxelSizeNm"] = info.VoxelSize.ToString(),
            ["connecto.input"] = FormattableString.Invariant($"(byte / 255 - {info.InputMean}) * {info.InputScale}"),
            ["connecto.sections"] = info.Sections.ToString(CultureInfo.InvariantCulture),
            ["connecto.outputs"] = string.Join(',', info.Outputs),
            ["connecto.sizeMultiple"] = model.Network.SizeMultiple.ToString(CultureInfo.InvariantCulture),
        });
    }

    private static Extent ParseSize(string text, NetworkModel network)
    {
        var parts = text.Split(',');
        if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var rows)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
            && rows > 0 && columns > 0 && rows % network.SizeMultiple == 0 && columns % network.SizeMultiple == 0)
            return new Extent(rows, columns);
        throw new InvalidDataException(
            $"--size '{text}' is not rows,columns in multiples of {network.SizeMultiple}, such as 512,512; nothing was written.");
    }
}
