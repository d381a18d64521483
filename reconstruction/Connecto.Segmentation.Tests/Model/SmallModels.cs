using Connecto.Segmentation.Model;
using Connecto.Sparse;

namespace Connecto.Segmentation.Tests.Model;

/// <summary>Models small enough for tests, with random weights: what they predict means nothing but varies.</summary>
internal static class SmallModels
{
    public static EmModel Random(int sections, double[]? voxel = null, int overlap = 8, int seed = 7) => new(
        new EmModelInfo { Name = "small", VoxelSizeNm = voxel ?? [50, 4, 4], Sections = sections, Overlap = overlap },
        EmArchitecture.Build(sections, [4, 6], seed));

    /// <summary>The same with steps for bytes, calibrated on waves and noise around grey.</summary>
    public static EmModel Quantized(int sections, int overlap = 8, int seed = 7)
    {
        var model = Random(sections, overlap: overlap, seed: seed);
        var random = new System.Random(seed);
        var sample = new Tensor("sample", [sections, 64, 64], [.. Enumerable.Range(0, sections * 4096).Select(i =>
            (float)(Math.Sin(i / 5.0) * Math.Cos(i / 613.0) * 1.4 + random.NextDouble() - 0.5))]);
        return new(model.Info, model.Network, NetworkQuantization.Calibrate(model.Network, model.Info.InputBytes, [sample]));
    }
}
