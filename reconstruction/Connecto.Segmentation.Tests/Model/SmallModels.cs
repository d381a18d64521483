using Connecto.Segmentation.Model;

namespace Connecto.Segmentation.Tests.Model;

/// <summary>Models small enough for tests, with random weights: what they predict means nothing but varies.</summary>
internal static class SmallModels
{
    public static EmModel Random(int sections, double[]? voxel = null, int overlap = 8, int seed = 7) => new(
        new EmModelInfo { Name = "small", VoxelSizeNm = voxel ?? [50, 4, 4], Sections = sections, Overlap = overlap },
        EmArchitecture.Build(sections, [4, 6], seed));
}
