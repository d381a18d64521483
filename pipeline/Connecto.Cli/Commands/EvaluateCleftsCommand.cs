using System.CommandLine;
using Connecto.Synapses;
using Connecto.Volumes;

namespace Connecto.Cli.Commands;

/// <summary>`connecto evaluate clefts`: detection of synaptic clefts against labelled ones.</summary>
internal static class EvaluateCleftsCommand
{
    public static Command Create()
    {
        var result = new Option<string>("--result")
        {
            Description = "The clefts found: a run's directory (its cleft map, at the thresholds of its synapses stage, and its synapses), " +
                "or a volume of ids or a mask: a folder of slices, a TIFF, an .npy or a precomputed volume.",
            Required = true,
        };
        var truth = new Option<string>("--truth")
        {
            Description = "The true clefts: a volume of ids or a mask; 0 and 2^64-1 are background.",
            Required = true,
        };
        var sections = new Option<string?>("--sections") { Description = "Sections of the truth to score, first-last, both included, from 0." };
        var voxelSize = new Option<string?>("--voxel-size")
        {
            Description = "Voxel size z,y,x in nm, e.g. 50,4,4. Default: what the truth declares, else the result.",
        };
        var distance = new Option<double?>("--distance")
        {
            Description = "Beyond this a voxel is false, and within it the centres of two clefts may match, nm. Default: 200.",
        };
        var objects = new Option<string?>("--objects")
        {
            Description = "What one cleft of a volume is: an id (ids), a 26-connected component of an id (components) or of all that is labelled " +
                "(mask). Default: mask where that makes more clefts than ids, else ids.",
        };
        objects.AcceptOnlyFromAmong("ids", "components", "mask");
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("clefts",
            "The CREMI challenge's cleft measures: mean distance of found voxels to the nearest true one (ADGT), of true ones to the " +
            "nearest found one (ADF), their mean, and the voxels beyond the threshold; and precision, recall and F1 of clefts matched one " +
            "to one by their centres: those of the map or volume, and for a run those that its synapses stage reports.\n\nExample:\n" +
            "  connecto evaluate clefts --result out --truth data-samples/phantom/clefts")
        {
            result, truth, sections, voxelSize, distance, objects, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var evaluation = CleftEvaluation.Score(parse.GetRequiredValue(result), parse.GetRequiredValue(truth), new CleftEvaluation.Options
            {
                Sections = parse.GetValue(sections),
                VoxelSize = SizeOf(parse.GetValue(voxelSize)),
                DistanceNm = parse.GetValue(distance) ?? 200,
                Identity = parse.GetValue(objects) switch
                {
                    "ids" => CleftIdentity.Ids,
                    "components" => CleftIdentity.Components,
                    "mask" => CleftIdentity.Mask,
                    _ => CleftIdentity.Guessed,
                },
            }, cancellation);
            if (parse.GetValue(json)) Output.WriteJson(evaluation);
            else evaluation.Print();
            return Task.FromResult(0);
        });
        return command;
    }

    private static VoxelSize? SizeOf(string? text) =>
        text is null ? null
        : VoxelSize.TryParse(text, out var size) ? size
        : throw new InvalidDataException($"--voxel-size '{text}' is not three positive lengths in nm, z,y,x, such as 50,4,4; nothing was scored.");
}
