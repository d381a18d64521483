using Connecto.Sparse;

namespace Connecto.Segmentation.Training;

/// <summary>How well networks fit the sections that were trained on: what sparsifying costs, without a look at any other
/// section.</summary>
public static class TrainingFit
{
    /// <summary>Scores networks on unvaried patches of the training sections of a configuration; the same for each.</summary>
    /// <param name="config">Names the sources; synthetic ones are left out where there are others.</param>
    /// <param name="dataRoot">The folder that its paths start from.</param>
    /// <param name="networks">Networks of the configuration's sections.</param>
    /// <param name="threads">Threads, positive.</param>
    /// <param name="cancel">Stops between patches.</param>
    /// <returns>For each network one score a source.</returns>
    public static IReadOnlyList<IReadOnlyList<(string Source, ValidationScore Score)>> Of(
        TrainingConfig config, string dataRoot, IEnumerable<NetworkModel> networks, int threads, CancellationToken cancel = default)
    {
        var real = config.Sources.Where(s => s.Kind != SourceKind.Phantom && s.Weight > 0).ToArray();
        var sources = (real.Length > 0 ? real : config.Sources).Select(s => s with { ValidationSections = null, Axes = "z" });
        var data = TrainingData.Load(config with { Sources = [.. sources] }, dataRoot, cancel);
        var validation = new Validation(config, [.. data.Train], threads);
        return [.. networks.Select(network => validation.Run(network, cancel))];
    }
}
