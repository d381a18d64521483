using Connecto.Segmentation.Model;

namespace Connecto.Segmentation.Training;

/// <summary>How well models fit the sections that were trained on: what sparsifying and bytes cost, without a look at any
/// other section.</summary>
/// <param name="Source">The source.</param>
/// <param name="Floats">The model in floats.</param>
/// <param name="Bytes">The model in bytes; null where it has no quantisation.</param>
public sealed record TrainingFit(string Source, ValidationScore Floats, ValidationScore? Bytes)
{
    /// <summary>Scores models on unvaried patches of the training sections of a configuration; the same for each.</summary>
    /// <param name="config">Names the sources; synthetic ones are left out where there are others.</param>
    /// <param name="dataRoot">The folder that its paths start from.</param>
    /// <param name="models">Models of the configuration's sections.</param>
    /// <param name="threads">Threads, positive.</param>
    /// <param name="cancel">Stops between patches.</param>
    /// <returns>For each model one fit a source.</returns>
    public static IReadOnlyList<IReadOnlyList<TrainingFit>> Of(
        TrainingConfig config, string dataRoot, IEnumerable<EmModel> models, int threads, CancellationToken cancel = default)
    {
        var real = config.Sources.Where(s => s.Kind != SourceKind.Phantom && s.Weight > 0).ToArray();
        var sources = (real.Length > 0 ? real : config.Sources).Select(s => s with { ValidationSections = null, Axes = "z" });
        var data = TrainingData.Load(config with { Sources = [.. sources] }, dataRoot, cancel);
        var validation = new Validation(config, [.. data.Train], threads);
        return [.. models.Select(Fit)];

        IReadOnlyList<TrainingFit> Fit(EmModel model)
        {
            var floats = validation.Run(model.Network, cancel);
            var bytes = model.Quantization is null ? null : validation.RunBytes(model, cancel);
            return [.. floats.Select((f, i) => new TrainingFit(f.Source, f.Score, bytes?[i].Score))];
        }
    }
}
