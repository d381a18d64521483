using Connecto.Sparse.Planes;

namespace Connecto.Sparse.Convolutions;

/// <summary>A convolution's numbers by axis, from whichever side they come: a node of a network or a stand-alone
/// plan.</summary>
/// <param name="Inputs">Input channels.</param>
/// <param name="Outputs">Output channels.</param>
/// <param name="Kernel">Edges of the kernel.</param>
/// <param name="Stride">Input voxels from one output to the next.</param>
/// <param name="Dilation">Input voxels from one weight to the next.</param>
/// <param name="Before">Zeros before the input.</param>
internal sealed record ConvolutionGeometry(
    int Inputs, int Outputs, Extent Kernel, Extent Stride, Extent Dilation, Extent Before)
{
    public static ConvolutionGeometry Of(NetworkNode node, int inputs) => new(
        inputs, node.Channels, new Extent(node.DepthKernel, node.Kernel, node.Kernel),
        new Extent(node.DepthStride, node.Stride, node.Stride), Extent.Cube(node.Dilation),
        new Extent(
            NetworkGraph.Before(node.DepthKernel, node.Dilation, node.DepthPadding),
            NetworkGraph.Before(node.Kernel, node.Dilation, node.Padding),
            NetworkGraph.Before(node.Kernel, node.Dilation, node.Padding)));

    /// <summary>Planes that the kernels read for each input channel: the phases of the stride.</summary>
    public int Phases => (int)Stride.Count;

    /// <summary>The size of the planes that the kernels read.</summary>
    public Extent PhaseSize(Extent input) => input.With(Stride, (length, stride) => (length + stride - 1) / stride);

    /// <summary>The size of the output.</summary>
    /// <param name="input">The input's size.</param>
    /// <param name="padding">Zeros before and behind, as the kernel then fits into them; null for an output of size /
    /// stride, rounded up.</param>
    public Extent After(Extent input, Extent? padding) => padding is null ? PhaseSize(input) : new(
        Fits(input.Depth, Kernel.Depth, Stride.Depth, Dilation.Depth, Before.Depth),
        Fits(input.Height, Kernel.Height, Stride.Height, Dilation.Height, Before.Height),
        Fits(input.Width, Kernel.Width, Stride.Width, Dilation.Width, Before.Width));

    /// <summary>How far a tap lies from the output's place, in the planes that the kernels read.</summary>
    public Extent Reach => new(
        Math.Max(-Shifts(Axis.Depth).First, Shifts(Axis.Depth).Last), Math.Max(-Shifts(Axis.Height).First, Shifts(Axis.Height).Last),
        Math.Max(-Shifts(Axis.Width).First, Shifts(Axis.Width).Last));

    /// <summary>How far a tap lies behind the output's place; below 0 where all lie before it.</summary>
    public Extent Ahead => new(Shifts(Axis.Depth).Last, Shifts(Axis.Height).Last, Shifts(Axis.Width).Last);

    /// <summary>Zeros needed around planes of that size so that every read outside them gives 0.</summary>
    /// <remarks>The same on both sides, as gradients read the other way round.</remarks>
    public Extent Border(Extent read, Extent written)
    {
        return new(
            Needed(Axis.Depth, read.Depth, written.Depth), Needed(Axis.Height, read.Height, written.Height),
            Needed(Axis.Width, read.Width, written.Width));

        int Needed(Axis axis, int read, int written) =>
            Math.Max(0, Math.Max(-Shifts(axis).First, written + Shifts(axis).Last - read));
    }

    /// <summary>Weights of groups as a matrix with zeros between the groups; the same array where there is one
    /// group.</summary>
    public static float[] Ungroup(float[] weights, int outputs, int inputs, int groups)
    {
        if (groups == 1) return weights;
        var taps = weights.Length / outputs / (inputs / groups);
        var (outputsOf, inputsOf) = (outputs / groups, inputs / groups);
        var all = new float[checked(outputs * inputs * taps)];
        for (var o = 0; o < outputs; o++)
            weights.AsSpan(o * inputsOf * taps, inputsOf * taps)
                .CopyTo(all.AsSpan((o * inputs + o / outputsOf * inputsOf) * taps));
        return all;
    }

    private static int Fits(int length, int kernel, int stride, int dilation, int before)
    {
        var room = (long)length + 2 * before - ((kernel - 1) * dilation + 1);
        return room < 0 ? 0 : checked((int)(room / stride + 1));
    }

    private (int First, int Last) Shifts(Axis axis)
    {
        var (kernel, stride, dilation, before) = axis switch
        {
            Axis.Depth => (Kernel.Depth, Stride.Depth, Dilation.Depth, Before.Depth),
            Axis.Height => (Kernel.Height, Stride.Height, Dilation.Height, Before.Height),
            _ => (Kernel.Width, Stride.Width, Dilation.Width, Before.Width),
        };
        return (
            ConvolutionPattern.Split(-before, stride).Shift,
            ConvolutionPattern.Split((kernel - 1) * dilation - before, stride).Shift);
    }

    private enum Axis
    {
        Depth,
        Height,
        Width,
    }
}
