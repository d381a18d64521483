using Connecto.Segmentation.Model;
using Connecto.Sparse;

namespace Connecto.Segmentation.Training;

/// <summary>Scores a network on fixed patches of some volumes, as a rule the validation sections.</summary>
/// <remarks>Up to 8 sections a source, evenly spread, and the middle 512 x 512 pixels of each: a few seconds. Always the
/// same patches, so scores of a run can be compared.</remarks>
internal sealed class Validation(TrainingConfig config, IReadOnlyList<TrainingVolume> volumes, int threads)
{
    private const int MostSections = 8, LargestEdge = 512;

    /// <summary>One score a source; null where there is nothing to validate on.</summary>
    public IReadOnlyList<(string Source, ValidationScore Score)> Run(NetworkModel network, CancellationToken cancel)
    {
        var scores = new List<(string, ValidationScore)>();
        using var session = new NetworkSession(network, threads);
        var sampler = new PatchSampler(config);
        foreach (var volume in volumes)
        {
            var shape = volume.Raw.Shape;
            int height = Edge(shape.Y, network.SizeMultiple), width = Edge(shape.X, network.SizeMultiple);
            var crop = SectionWarp.Crop((shape.Y - height) / 2, (shape.X - width) / 2, height, width);
            var plane = height * width;
            var (input, output) = (new float[config.Sections * plane], new float[5 * plane]);
            var (target, weight) = (new float[5 * plane], new float[5 * plane]);
            var sum = new ValidationScore.Sum();
            var sections = Math.Min(MostSections, shape.Z);
            for (var i = 0; i < sections; i++)
            {
                cancel.ThrowIfCancellationRequested();
                sampler.Plain(volume, (2 * i + 1) * shape.Z / (2 * sections), crop, input, target, weight);
                session.Run(input, height, width, output);
                sum.Add(output, target, weight);
            }
            scores.Add((volume.Name, sum.Score()));
        }
        return scores;
    }

    private static int Edge(int length, int multiple) =>
        (Math.Min(length, LargestEdge) + multiple - 1) / multiple * multiple;
}
