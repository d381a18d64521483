using Connecto.Segmentation;
using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Segmentation.Training;
using Connecto.Volumes;

namespace Connecto.Pipeline.Tuning;

/// <summary>Chooses a model's thresholds on the sections that its network learnt from.</summary>
/// <remarks>
/// The idea: predict once; then take one threshold after the other, try its values with all merge thresholds, keep the
/// best, until a round changes nothing. A merge threshold is judged by the mean over itself and its two neighbours (1:2:1), so
/// that a value on a narrow ridge of these sections loses to one on a plateau. Given up: searching all thresholds together,
/// and the bias of sections that the network knows: it is surer there than on new ones.
/// </remarks>
public static class ThresholdTuner
{
    private const int Rounds = 2;
    private const double LeastGain = 1e-4;

    private static readonly double[] Merges = [.. Enumerable.Range(0, 17).Select(i => Math.Round(0.1 + 0.05 * i, 2))];
    private static readonly double[] Clefts = [.. Enumerable.Range(0, 10).Select(i => Math.Round(0.5 + 0.05 * i, 2))];

    private static readonly (string Name, double[] Values)[] Knobs =
    [
        (ThresholdNames.Interior, [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]),
        (ThresholdNames.Neck, [0.7, 0.8, 0.9, 1]),
        (ThresholdNames.Plane, [0.5, 0.6, 0.7, 0.8]),
    ];

    /// <summary>Chooses.</summary>
    /// <param name="model">The model.</param>
    /// <param name="config">The configuration that it was trained with: its sources' training sections are used.</param>
    /// <param name="options">Where the data lie, and what counts.</param>
    /// <param name="cancellation">Stops between two trials.</param>
    /// <exception cref="InvalidDataException">Sections are not training sections, or data do not fit.</exception>
    public static TuningResult Choose(
        EmModel model, TrainingConfig config, TuningOptions options, CancellationToken cancellation = default)
    {
        var stacks = new List<TuningStack>();
        foreach (var source in TuningSource.Load(config, options.DataRoot, model.Info, options.Sections, cancellation))
        {
            var images = new MemoryVolume<byte>(source.Images, source.VoxelSize);
            var alignment = model.Info.AlignSections && source.VoxelSize.Anisotropy >= WatershedOptions.SectionAnisotropy
                ? new SectionAligner(source.VoxelSize).Align(z => source.Images.Slice(z).ToArray(), images.Shape, options.Threads, cancellation)
                : StackAlignment.None(images.Shape.Z);
            using var predictor = new AffinityPredictor(model, options.Threads, alignment: alignment);
            stacks.Add(new TuningStack(source, alignment, predictor.Predict(images, Box.Of(images.Shape), cancellation)));
        }
        return new Search(model.Info, stacks, options, cancellation).Run();
    }

    private sealed class Search(EmModelInfo info, List<TuningStack> stacks, TuningOptions options, CancellationToken cancellation)
    {
        private readonly List<TuningRow> rows = [];

        public TuningResult Run()
        {
            var chosen = new SortedDictionary<string, double>(info.Thresholds, StringComparer.Ordinal);
            var before = Measure(chosen).Measure;
            var best = Sweep(chosen, ThresholdNames.Merge, null);
            chosen[ThresholdNames.Merge] = best.Merge;
            for (var (round, changed) = (0, true); round < Rounds && changed; round++)
            {
                changed = false;
                foreach (var (name, values) in Knobs)
                {
                    if (name == ThresholdNames.Plane && !stacks.Exists(s => Settings(s, chosen).Agglomeration.PlaneThreshold < 1)) continue;
                    var found = values.Select(value => Sweep(chosen, name, value)).MinBy(s => s.Smooth);
                    if (found.Smooth > best.Smooth - LeastGain) continue;
                    (best, changed) = (found, true);
                    (chosen[name], chosen[ThresholdNames.Merge]) = (found.Value!.Value, found.Merge);
                }
            }
            ChooseCleft(chosen);
            return new(chosen, [.. stacks.Select(s => s.Source.Name)], before, Measure(chosen).Measure, rows);
        }

        /// <summary>One value of one threshold with every merge threshold.</summary>
        private (double? Value, double Merge, double Smooth) Sweep(IReadOnlyDictionary<string, double> chosen, string name, double? value)
        {
            var trials = Merges.Select(merge =>
            {
                var trial = new Dictionary<string, double>(chosen);
                if (value is { } given) trial[name] = given;
                trial[ThresholdNames.Merge] = merge;
                return trial;
            }).ToArray();
            foreach (var stack in stacks) stack.Flood(Settings(stack, trials[0]).Watershed, options.Threads, cancellation);
            var found = new (IReadOnlyList<SegmentationScore> Scores, double Measure)[trials.Length];
            Parallel.For(0, trials.Length, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation },
                i => found[i] = Score(trials[i]));
            double At(int i) => found[Math.Clamp(i, 0, found.Length - 1)].Measure;
            var smooth = trials.Select((_, i) => (At(i - 1) + 2 * At(i) + At(i + 1)) / 4).ToArray();
            var least = Array.IndexOf(smooth, smooth.Min());
            // The sweep of the merge threshold itself is shown whole.
            foreach (var i in value is null ? Enumerable.Range(0, trials.Length) : [least])
                Add(new(name, value ?? Merges[i], Merges[i], found[i].Scores, found[i].Measure));
            return (value, Merges[least], smooth[least]);
        }

        private (IReadOnlyList<SegmentationScore> Scores, double Measure) Measure(IReadOnlyDictionary<string, double> thresholds)
        {
            foreach (var stack in stacks) stack.Flood(Settings(stack, thresholds).Watershed, options.Threads, cancellation);
            return Score(thresholds);
        }

        private (IReadOnlyList<SegmentationScore> Scores, double Measure) Score(IReadOnlyDictionary<string, double> thresholds)
        {
            SegmentationScore[] scores = [.. stacks.Select(s => s.Score(Settings(s, thresholds), cancellation))];
            var weights = stacks.Sum(s => s.Source.Weight);
            return (scores, scores.Zip(stacks, (score, s) => options.Measure(score) * s.Source.Weight).Sum() / weights);
        }

        private static SegmentationSettings Settings(TuningStack stack, IReadOnlyDictionary<string, double> thresholds) =>
            SegmentationSettings.For(stack.Source.VoxelSize).With(thresholds);

        private void ChooseCleft(SortedDictionary<string, double> chosen)
        {
            var known = stacks.Where(s => s.Source.Clefts is { Count: > 0 }).ToList();
            if (known.Count == 0) return;
            var weights = known.Sum(s => s.Source.Weight);
            var f1 = Clefts.Select(threshold =>
            {
                cancellation.ThrowIfCancellationRequested();
                var mean = known.Sum(s => s.CleftF1(threshold, options.Threads, cancellation)!.Value * s.Source.Weight) / weights;
                Add(new(ThresholdNames.Cleft, threshold, null, [], 1 - mean));
                return mean;
            }).ToArray();
            double At(int i) => f1[Math.Clamp(i, 0, f1.Length - 1)];
            // Of equals, that nearest to what the model had.
            var present = chosen.GetValueOrDefault(ThresholdNames.Cleft, Clefts[^1]);
            chosen[ThresholdNames.Cleft] = Clefts.Select((value, i) => (Value: value, Smooth: Math.Round(At(i - 1) + 2 * At(i) + At(i + 1), 9)))
                .OrderByDescending(c => c.Smooth).ThenBy(c => Math.Abs(c.Value - present)).First().Value;
        }

        private void Add(TuningRow row)
        {
            rows.Add(row);
            options.Report?.Invoke(row);
        }
    }
}
