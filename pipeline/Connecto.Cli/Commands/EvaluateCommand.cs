using System.CommandLine;
using System.Globalization;
using Connecto.Graph;
using Connecto.Graph.DuckDb;
using Connecto.Pipeline;
using Connecto.Segmentation;
using Connecto.Synapses;
using Connecto.Volumes;

namespace Connecto.Cli.Commands;

/// <summary>`connecto evaluate`: scores of a result against truth, as the field defines them.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var command = new Command("evaluate", "Scores a result against the truth.\n\nExample:\n" +
            "  connecto evaluate segmentation --result out --truth data-samples/phantom/neurons");
        command.Add(CreateSegmentation());
        command.Add(CreateSynapses());
        command.Add(EvaluateCleftsCommand.Create());
        return command;
    }

    private static Command CreateSegmentation()
    {
        var result = new Option<string>("--result")
        {
            Description = "The segmentation: a run's directory, a precomputed volume, a folder of slices, a TIFF or an .npy.",
            Required = true,
        };
        var truth = new Option<string>("--truth") { Description = "The truth: a folder of slices, a TIFF, an .npy or a precomputed volume.", Required = true };
        var ignore = new Option<ulong[]>("--ignore")
        {
            Description = "Truth ids that are not scored, besides 0; e.g. 249 for membranes.",
            AllowMultipleArgumentsPerToken = true,
        };
        var components = new Option<bool>("--components")
        {
            Description = "Relabel the truth by its 26-connected components within the scored sections first.",
        };
        var sections = new Option<string?>("--sections") { Description = "Sections of the truth to score, first-last, both included, from 0." };
        var planes = new Option<bool>("--planes")
        {
            Description = "Score every section's 2D regions as well: V-Rand and V-Info of the ISBI 2012 challenge, borders thinned.",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("segmentation",
            "Variation of information (bits, split and merge), adapted Rand error and CREMI score; voxels whose truth is 0 do not count. " +
            "Where result and truth differ in sections, --sections names those of the truth that the result covers.\n\nExample:\n" +
            "  connecto evaluate segmentation --result out --truth neurons/ --ignore 249 --components --sections 16-19")
        {
            result, truth, ignore, components, sections, planes, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var resultVolume = OpenResult(parse.GetRequiredValue(result));
            var truthVolume = VolumeFile.OpenLabels(parse.GetRequiredValue(truth));
            var (cutResult, cutTruth) = ScoredSections.Cut(resultVolume, truthVolume, parse.GetValue(sections));
            var options = new ScoreOptions
            {
                Ignore = parse.GetValue(ignore) ?? [],
                Objects = parse.GetValue(components) ? TruthObjects.Components : TruthObjects.Ids,
            };
            var score = SegmentationScore.Compute(cutResult, cutTruth, options, cancellation);
            var first = cutTruth.Shape.Z == truthVolume.Shape.Z ? 0 : SettingsOptions.ParseSections(parse.GetValue(sections)!).Begin;
            var flat = parse.GetValue(planes) ? PlaneEvaluation.Of(cutResult, cutTruth, options, first, cancellation) : null;
            if (parse.GetValue(json))
                Output.WriteJson(new
                {
                    score.ViSplit,
                    score.ViMerge,
                    score.Vi,
                    score.AdaptedRandError,
                    score.Cremi,
                    score.Voxels,
                    Planes = flat,
                });
            else
            {
                Output.WriteTable([
                    ["VI split", "VI merge", "VI (bits)", "adapted Rand error", "CREMI", "voxels"],
                    [Number(score.ViSplit), Number(score.ViMerge), Number(score.Vi), Number(score.AdaptedRandError), Number(score.Cremi),
                        score.Voxels.ToString(CultureInfo.InvariantCulture)],
                ]);
                flat?.Print();
            }
            return Task.FromResult(0);
        });
        return command;
    }

    private static ChunkedVolume<ulong> OpenResult(string path)
    {
        var run = new RunDirectory(path);
        if (File.Exists(run.Manifest))
        {
            if (!Directory.Exists(run.Segmentation))
                throw new InvalidDataException($"'{run.Root}' has no segmentation yet; run `connecto segment` first.");
            path = run.Segmentation;
        }
        return VolumeFile.OpenLabels(path);
    }

    private static Command CreateSynapses()
    {
        var result = new Option<string>("--result") { Description = "A run's directory.", Required = true };
        var truth = new Option<string>("--truth") { Description = "A phantom's directory: synapses.csv and neurons/.", Required = true };
        var distance = new Option<double?>("--distance") { Description = "Farthest that two sites may match, nm. Default: 400." };
        var segments = new Option<PartnerSegments>("--segments")
        {
            Description = "Whose segments partners are taken from: the result's, or the truth's, to judge clefts and partners apart from the segmentation.",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("synapses",
            "Precision, recall and F1 of synaptic partners and of connections, by Hungarian matching of sites whose segments are the same." +
            "\n\nExample:\n  connecto evaluate synapses --result out --truth data-samples/phantom")
        {
            result, truth, distance, segments, json,
        };
        command.SetWork((parse, cancellation) =>
        {
            var run = new RunDirectory(parse.GetRequiredValue(result));
            RunManifest.Require(run);
            var score = SynapseEvaluation.Score(run, parse.GetRequiredValue(truth), parse.GetValue(segments),
                parse.GetValue(distance) ?? 400, cancellation);
            if (parse.GetValue(json)) Output.WriteJson(score);
            else SynapseEvaluation.Print(score);
            return Task.FromResult(0);
        });
        return command;
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
