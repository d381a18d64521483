namespace Connecto.Sparse.Streams;

/// <summary>A product as one kernel does it.</summary>
internal abstract unsafe class ProductPlan : IDisposable
{
    public abstract ProductKernel Kernel { get; }

    /// <summary>One line for people.</summary>
    public abstract string Description { get; }

    /// <summary>Y = activation(W X + bias), both in rows.</summary>
    public abstract void Run(float* x, float* y);

    public virtual void Dispose() { }
}
