using Connecto.Sparse.Planes;
using Connecto.Sparse.Planning;

namespace Connecto.Sparse.Convolutions;

/// <summary>One convolution for one size: how it is done.</summary>
internal abstract unsafe class ConvolutionPlan(ConvolutionGeometry geometry, Extent input, Extent output) : IDisposable
{
    public ConvolutionGeometry Geometry => geometry;

    public Extent InputSize => input;

    public Extent OutputSize => output;

    public abstract ConvolutionKernel Kernel { get; }

    /// <summary>Bytes of buffers.</summary>
    public abstract long Bytes { get; }

    /// <summary>What is particular to this plan, for people.</summary>
    public abstract string Particulars { get; }

    /// <summary>Computes the outputs.</summary>
    public abstract void Run(float* x, float* y);

    public abstract void Dispose();

    /// <summary>Checks the terms and chooses the kernel.</summary>
    public static ConvolutionPlan Create(Tensor weights, SparseConvolutionOptions options, WorkerPool pool)
    {
        var geometry = Check(weights, options);
        var output = geometry.After(options.Size, options.Padding);
        var pattern = ConvolutionPattern.Forward(geometry);
        var values = ConvolutionGeometry.Ungroup(weights.Data, geometry.Outputs, geometry.Inputs, options.Groups);
        var bias = options.Bias ?? new float[geometry.Outputs];
        var most = options.Kernel == ConvolutionKernel.Dense ? -1
            : options.Kernel == ConvolutionKernel.Auto && options.Groups == 1
                ? ConvolutionChoice.SparseShare(values, geometry.Outputs, geometry.Kernel.Count) : 1;
        var sparse = SparseWeights.TryCreate(pattern, values, bias, most);
        if (sparse is not null && options.Kernel is ConvolutionKernel.Auto or ConvolutionKernel.Stream)
        {
            var obstacle = DirectConvolution.Obstacle(sparse, output);
            var direct = obstacle is null
                ? DirectConvolution.TryCreate(sparse, geometry, options.Size, output, options.Activation, pool) : null;
            if (direct is not null) return direct;
            if (options.Kernel == ConvolutionKernel.Stream)
                throw new PlatformNotSupportedException(
                    $"No stream can be used here: {obstacle ?? "the system allows no code to be made"}.");
        }
        return new PlaneConvolutionPlan(geometry, options, output, pattern, sparse, values, bias, pool);
    }

    private static ConvolutionGeometry Check(Tensor weights, SparseConvolutionOptions options)
    {
        var shape = weights.Shape;
        if (shape.Length is not (4 or 5))
            throw new ArgumentException(
                $"A convolution's weights have 4 axes, or 5 for volumes; found {Tensor.Describe(shape)}.", nameof(weights));
        var groups = options.Groups;
        Extent kernel = shape.Length == 5 ? new(shape[2], shape[3], shape[4]) : new(shape[2], shape[3]);
        if (shape[0] < 1 || shape[1] < 1 || groups < 1 || shape[0] % groups != 0)
            throw new ArgumentException(
                $"A convolution has at least one input and one output in each of its {groups} groups; found {Tensor.Describe(shape)}.",
                nameof(weights));
        Within(kernel, 1, 31, "kernel");
        Within(options.Size, 1, int.MaxValue, "size");
        Within(options.Stride, 1, 16, "stride");
        Within(options.Dilation, 1, 16, "dilation");
        if (options.Padding is { } padding) Within(padding, 0, 255, "padding");
        if (options.Bias is { } bias && bias.Length != shape[0])
            throw new ArgumentException($"{shape[0]} outputs take as many biases; found {bias.Length}.", nameof(options));
        var same = kernel.With(options.Dilation, (k, d) => (k - 1) * d / 2);
        var geometry = new ConvolutionGeometry(
            checked(shape[1] * groups), shape[0], kernel, options.Stride, options.Dilation, options.Padding ?? same);
        if (geometry.After(options.Size, options.Padding).Range.Least < 1)
            throw new ArgumentException(
                $"A kernel of {kernel} does not fit into {options.Size}; choose a larger size or padding.", nameof(options));
        return geometry;

        static void Within(Extent extent, int least, int greatest, string what)
        {
            if (extent.Range.Least < least || extent.Range.Greatest > greatest)
                throw new ArgumentException($"A convolution's {what} lies from {least} to {greatest} along every axis; found {extent}.");
        }
    }
}
