using Connecto.Testing;
using Connecto.Volumes.Precomputed;
using Connecto.Volumes.Slices;

namespace Connecto.Volumes.Tests;

/// <summary>Published stacks; the sums are NumPy's over Pillow's pixels.</summary>
public sealed class RealDataTests
{
    [RealDataFact("isbi2012/raw")]
    public void The_isbi_stack_of_PNG_slices_reads_as_NumPy_reads_it()
    {
        var stack = SliceStack.Open(RealData.Require("isbi2012"));
        Assert.Equal((new Index3(20, 512, 512), 8), (stack.Shape, stack.BitsPerSample));
        CheckSum(stack, 82_562_934_549);
    }

    [RealDataFact("vnc/stack2/raw")]
    public void The_vnc_stack_of_big_endian_TIFF_slices_reads_as_NumPy_reads_it()
    {
        var stack = SliceStack.Open(RealData.Require("vnc/stack2"));
        Assert.Equal((new Index3(20, 1024, 1024), 8), (stack.Shape, stack.BitsPerSample));
        CheckSum(stack, 340_709_614_980);
    }

    [RealDataFact("vnc/stack1/membranes")]
    public void Masks_of_one_bit_read_as_0_and_1() => CheckSum(SliceStack.Open(RealData.Require("vnc/stack1/membranes")), 2_392_537_412);

    [RealDataFact("labels/pinky512")]
    public void The_pinky_labels_survive_compressed_segmentation()
    {
        using var folder = new TemporaryFolder();
        var stack = SliceStack.Open(RealData.Require("labels/pinky512"));
        Assert.Equal((new Index3(512, 512, 512), 16), (stack.Shape, stack.BitsPerSample));
        var labels = stack.ReadLabels(100, 70);
        var volume = PrecomputedVolume<ulong>.Create(folder.Root, new()
        {
            Shape = labels.Shape, VoxelSize = new(40, 32, 32), Kind = PrecomputedKind.Segmentation,
            Encoding = PrecomputedEncoding.CompressedSegmentation,
        });
        volume.Write(Box.Of(labels.Shape), labels);
        Assert.True(volume.Read(Box.Of(labels.Shape)).Data.AsSpan().SequenceEqual(labels.Data));
    }

    /// <summary>Sum over all samples of (sample + 1) * (1 + index mod 251): any sample moved or changed shows.</summary>
    private static void CheckSum(SliceStack stack, ulong expected)
    {
        var (sum, at) = (0ul, 0ul);
        foreach (var id in stack.ReadLabels(0, stack.Shape.Z).Data) sum += (id + 1) * (1 + at++ % 251);
        Assert.Equal(expected, sum);
    }
}
