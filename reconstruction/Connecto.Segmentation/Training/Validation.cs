using Connecto.Segmentation.Model;
using Connecto.Sparse;

namespace Connecto.Segmentation.Training;

/// <summary>Scores a network on fixed patches of some volumes, as a rule the validation sections.</summary>
/// <remarks>Up to 8 sections a source, evenly spread, and the middle 512 x 512 pixels of each: a few seconds. Always the
/// same patches, so scores of a run can be compared.</remarks>
internal sealed class Validation(TrainingConfig config, IReadOnlyList<TrainingVolume> volumes, int threads)
{
    private const int MostSections = 8, LargestEdge = 512;

    private delegate void Predict(float[] input, int height, int width, float[] output);

    /// <summary>One score a source; empty where there is nothing to validate on.</summary>
    public IReadOnlyList<(string Source, ValidationScore Score)> Run(NetworkModel network, CancellationToken cancel)
    {
        using var session = new NetworkSession(network, threads);
        return Run((input, height, width, output) => session.Run(input, height, width, output), network.SizeMultiple, cancel);
    }

    /// <summary>The same of a model in bytes.</summary>
    /// <param name="model">A model with a quantisation.</param>
    /// <param name="cancel">Stops between patches.</param>
    public IReadOnlyList<(string Source, ValidationScore Score)> RunBytes(EmModel model, CancellationToken cancel)
    {
        return Run(Bytes, model.Network.SizeMultiple, cancel);

        void Bytes(float[] input, int height, int width, float[] output)
        {
            using var network = new ByteNetwork(model.Network, model.Quantization!, height, width);
            var (pixels, probabilities) = (new byte[input.Length], new byte[output.Length]);
            // Unvaried patches hold pixels of the image, so this only undoes the step to floats.
            for (var i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)Math.Clamp(Math.Round((input[i] / TrainingInput.Scale + TrainingInput.Mean) * 255), 0, 255);
            network.NewSession().Run(pixels, probabilities);
            for (var i = 0; i < output.Length; i++) output[i] = probabilities[i] / 255f;
        }
    }

    private List<(string Source, ValidationScore Score)> Run(Predict predict, int multiple, CancellationToken cancel)
    {
        var scores = new List<(string, ValidationScore)>();
        var sampler = new PatchSampler(config);
        foreach (var volume in volumes)
        {
            var shape = volume.Raw.Shape;
            int height = Edge(shape.Y, multiple), width = Edge(shape.X, multiple);
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
                predict(input, height, width, output);
                sum.Add(output, target, weight);
            }
            scores.Add((volume.Name, sum.Score()));
        }
        return scores;
    }

    private static int Edge(int length, int multiple) =>
        (Math.Min(length, LargestEdge) + multiple - 1) / multiple * multiple;
}
