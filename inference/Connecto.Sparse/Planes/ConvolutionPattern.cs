using Connecto.Sparse.Convolutions;

namespace Connecto.Sparse.Planes;

/// <summary>One read of a convolution: an input plane at a shift.</summary>
internal readonly record struct Tap(int Plane, int Dy, int Dx, int Dz = 0);

/// <summary>A convolution as a matrix over taps: output o = sum over t of weight[Weights[o, t]] * taps[t].</summary>
/// <remarks>
/// Forward passes and gradients by input are the same matrix product with other tables. A strided convolution reads the
/// phases of its input as separate planes [pz][py][px][channel] at the lower resolution, where its taps are shifts
/// again. A volume is a longer plane, so a tap in another section is one more shift.
/// </remarks>
internal sealed class ConvolutionPattern
{
    private ConvolutionPattern(int outputs, int firstOutput, Tap[] taps, int[] weights) =>
        (Outputs, FirstOutput, Taps, Weights) = (outputs, firstOutput, taps, weights);

    public int Outputs { get; }

    /// <summary>Place of the first output plane among the planes written; not 0 for the later phases of a
    /// gradient.</summary>
    public int FirstOutput { get; }

    public Tap[] Taps { get; }

    /// <summary>Place in the weight tensor [out][in][ky][kx], index output * Taps.Length + tap.</summary>
    public int[] Weights { get; }

    /// <summary>The forward pass; taps are in the order of the weight tensor.</summary>
    public static ConvolutionPattern Forward(NetworkNode node, int inputs) =>
        Forward(ConvolutionGeometry.Of(node, inputs));

    /// <inheritdoc cref="Forward(NetworkNode, int)"/>
    public static ConvolutionPattern Forward(ConvolutionGeometry g)
    {
        List<Tap> taps = [];
        for (var channel = 0; channel < g.Inputs; channel++)
            for (var kz = 0; kz < g.Kernel.Depth; kz++)
                for (var ky = 0; ky < g.Kernel.Height; ky++)
                    for (var kx = 0; kx < g.Kernel.Width; kx++)
                    {
                        var (pz, dz) = Split(kz * g.Dilation.Depth - g.Before.Depth, g.Stride.Depth);
                        var (py, dy) = Split(ky * g.Dilation.Height - g.Before.Height, g.Stride.Height);
                        var (px, dx) = Split(kx * g.Dilation.Width - g.Before.Width, g.Stride.Width);
                        var phase = (pz * g.Stride.Height + py) * g.Stride.Width + px;
                        taps.Add(new Tap(phase * g.Inputs + channel, dy, dx, dz));
                    }
        var weights = Enumerable.Range(0, checked(g.Outputs * taps.Count)).ToArray();
        return new ConvolutionPattern(g.Outputs, 0, [.. taps], weights);
    }

    /// <summary>The gradient by the input planes from that by the outputs; one pattern a phase.</summary>
    public static ConvolutionPattern[] InputGradients(NetworkNode node, int inputs)
    {
        var (kernel, stride) = (node.Kernel, node.Stride);
        List<ConvolutionPattern> patterns = [];
        for (var phase = 0; phase < stride * stride; phase++)
        {
            List<(Tap Tap, int Weight)> reads = [];
            for (var output = 0; output < node.Channels; output++)
                for (var ky = 0; ky < kernel; ky++)
                    for (var kx = 0; kx < kernel; kx++)
                    {
                        var (py, dy) = Split(ky - Before(kernel), stride);
                        var (px, dx) = Split(kx - Before(kernel), stride);
                        if (py * stride + px == phase)
                            reads.Add((new Tap(output, -dy, -dx), (output * inputs * kernel + ky) * kernel + kx));
                    }
            var weights = new int[inputs * reads.Count];
            for (var channel = 0; channel < inputs; channel++)
                for (var t = 0; t < reads.Count; t++)
                    weights[channel * reads.Count + t] = reads[t].Weight + channel * kernel * kernel;
            patterns.Add(new ConvolutionPattern(inputs, phase * inputs, [.. reads.Select(r => r.Tap)], weights));
        }
        return [.. patterns];
    }

    /// <summary>The taps' places in the arena.</summary>
    public int[] Resolve(ReadOnlySpan<int> planes, PlaneLayout layout)
    {
        var places = GC.AllocateArray<int>(Taps.Length, pinned: true);
        for (var i = 0; i < places.Length; i++)
            places[i] = planes[Taps[i].Plane] + (Taps[i].Dz * layout.SectionRows + Taps[i].Dy) * layout.Pitch + Taps[i].Dx;
        return places;
    }

    /// <summary>Zeros before rows and columns, with padding "same".</summary>
    private static int Before(int kernel) => NetworkGraph.Before(kernel, 1, null);

    /// <summary>Phase and shift of a displacement: displacement = shift * stride + phase.</summary>
    internal static (int Phase, int Shift) Split(int displacement, int stride)
    {
        var phase = ((displacement % stride) + stride) % stride;
        return (phase, (displacement - phase) / stride);
    }
}
