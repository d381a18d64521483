namespace Connecto.Benchmarks;

/// <summary>A kernel with a layer's weights in its own format; what is left is what a run costs.</summary>
internal abstract class PreparedKernel : IDisposable
{
    /// <summary>The order in which the result is written.</summary>
    public virtual ResultOrder Order => ResultOrder.Rows;

    /// <summary>Bytes of weights, indices and generated code that one run reads at least once.</summary>
    public abstract double WeightBytes { get; }

    /// <summary>The largest error that passes, as a share of the workload's magnitude. Int8 must be exact.</summary>
    public virtual double Tolerance => 1e-5;

    /// <summary>One run: activations of the workload to its result, all that depends on activations
    /// included.</summary>
    public abstract void Run();

    public virtual void Dispose() { }
}
