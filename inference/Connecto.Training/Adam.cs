using Connecto.Sparse;
using Connecto.Sparse.Kernels;
using Connecto.Training.Gradients;

namespace Connecto.Training;

/// <summary>Adam with decoupled weight decay, a bound on the gradient, averaged weights and a mask.</summary>
/// <remarks>Every parameter is computed alone and in one order, so the share of the threads leaves no trace. What the
/// mask holds at 0 has gradient 0, and with it moments 0: it stays 0 exactly.</remarks>
internal sealed class Adam(TrainerOptions options, ParameterMap map, float[] parameters, PruningMask? mask)
{
    private readonly float[] sum = GC.AllocateArray<float>(parameters.Length, pinned: true);

    public long Steps { get; set; }

    public float[] Parameters { get; } = parameters;

    public float[] Average { get; } = (float[])parameters.Clone();

    /// <summary>Running mean of the gradient.</summary>
    public float[] First { get; } = new float[parameters.Length];

    /// <summary>Running mean of its square.</summary>
    public float[] Second { get; } = new float[parameters.Length];

    /// <summary>Which parameters are trained; null for all.</summary>
    public PruningMask? Mask { get; } = mask;

    /// <summary>Lets weights fall where they are due, with all that is kept of them.</summary>
    public void Prune()
    {
        if (Mask is null || !Mask.Update(Steps, Parameters)) return;
        foreach (var values in (float[][])[Parameters, Average, First, Second]) Mask.Apply(values);
    }

    /// <summary>One step from the samples' gradients, [samples][parameters].</summary>
    public void Step(float[] gradients, int samples, WorkerPool pool, KernelSet kernels)
    {
        pool.Run(thread => Sum(gradients, samples, thread, pool.Threads, kernels));
        var scale = options.GradientBound > 0 ? Math.Min(1, options.GradientBound / (Norm() + 1e-12)) : 1;
        var rate = options.LearningRate.At(Steps);
        Steps++;
        pool.Run(thread => Update(rate, (float)scale, thread, pool.Threads));
    }

    private unsafe void Sum(float[] gradients, int samples, int thread, int threads, KernelSet kernels)
    {
        var (begin, end) = WorkerPool.Share(sum.Length, 64, thread, threads);
        if (begin == end) return;
        gradients.AsSpan(begin, end - begin).CopyTo(sum.AsSpan(begin));
        fixed (float* to = sum, from = gradients)
            for (var s = 1; s < samples; s++) kernels.Add(to + begin, from + (long)s * sum.Length + begin, end - begin);
        if (Mask is null) return;
        var kept = Mask.Kept;
        for (var i = begin; i < end; i++)
            if (kept[i] == 0) sum[i] = 0;
    }

    private double Norm()
    {
        double square = 0;
        foreach (var value in sum) square += (double)value * value;
        return Math.Sqrt(square);
    }

    private void Update(double rate, float scale, int thread, int threads)
    {
        var (begin, end) = WorkerPool.Share(sum.Length, 64, thread, threads);
        var (beta1, beta2) = ((float)options.Beta1, (float)options.Beta2);
        var correction = Math.Sqrt(1 - Math.Pow(options.Beta2, Steps));
        var step = (float)(rate * correction / (1 - Math.Pow(options.Beta1, Steps)));
        var epsilon = (float)(options.Epsilon * correction);
        var kept = 1 - (float)(rate * options.WeightDecay);
        // The average follows closely at first, or it would keep the random start for a thousand steps; and after weights
        // fell, or it would keep what the others were while those were there.
        var since = options.Pruning?.Since(Steps) ?? Steps;
        var follow = 1 - (float)Math.Min(options.AverageDecay, (1.0 + since) / (10.0 + since));
        var decayed = map.Decayed;
        for (var i = begin; i < end; i++)
        {
            var g = sum[i] * scale;
            var first = First[i] = beta1 * First[i] + (1 - beta1) * g;
            var second = Second[i] = beta2 * Second[i] + (1 - beta2) * g * g;
            var value = (decayed[i] ? kept * Parameters[i] : Parameters[i]) - step * first / (MathF.Sqrt(second) + epsilon);
            Parameters[i] = value;
            Average[i] = follow == 1 ? value : Average[i] + follow * (value - Average[i]);
        }
    }
}
