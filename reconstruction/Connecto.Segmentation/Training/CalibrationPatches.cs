using Connecto.Segmentation.Model;
using Connecto.Sparse;

namespace Connecto.Segmentation.Training;

/// <summary>Makes a trained network ready for bytes: patches of its training sections choose the steps of its planes.</summary>
/// <remarks>Half of the patches are plain and half varied as in training, so that a brighter stack than those seen is not cut
/// off. The patches depend on the configuration alone. About a second.</remarks>
internal static class CalibrationPatches
{
    private const int Patches = 16, LargestEdge = 256;

    /// <summary>The quantisation; no validation section is read.</summary>
    public static NetworkQuantization Calibrate(
        TrainingConfig config, TrainingData data, EmModelInfo info, NetworkModel network, int threads) =>
        NetworkQuantization.Calibrate(network, info.InputBytes, Samples(config, data, network.SizeMultiple), threads);

    private static IEnumerable<Tensor> Samples(TrainingConfig config, TrainingData data, int multiple)
    {
        var sampler = new PatchSampler(config);
        for (var i = 0; i < Patches; i++)
        {
            // No step of training has this number.
            var random = new PatchRandom(config.Seed, ulong.MaxValue, (ulong)i);
            var volume = data.Pick(ref random);
            var shape = volume.Raw.Shape;
            var varied = i % 2 == 1;
            var height = varied ? config.Patch : Edge(shape.Y, multiple);
            var width = varied ? config.Patch : Edge(shape.X, multiple);
            var input = new float[config.Sections * height * width];
            var (target, weight) = (new float[5 * height * width], new float[5 * height * width]);
            if (varied) sampler.Random(volume, random, input, target, weight);
            else
                sampler.Plain(volume, random.Below(shape.Z),
                    SectionWarp.Crop((shape.Y - height) / 2, (shape.X - width) / 2, height, width), input, target, weight);
            yield return new Tensor($"patch {i}", [config.Sections, height, width], input);
        }
    }

    private static int Edge(int length, int multiple) => Math.Max(multiple, Math.Min(length, LargestEdge) / multiple * multiple);
}
