using System.Numerics;
using System.Runtime.CompilerServices;

namespace Connecto.Sparse.Streams;

/// <summary>y = activation(y + addend), by threads that share the values.</summary>
/// <remarks>A pass of its own over outputs that are mostly still in the second-level cache: 12 bytes and one addition a
/// value, against as many multiply-adds as a row has entries.</remarks>
internal sealed unsafe class AddendPass
{
    private const int Grain = 16; // floats of a cache line

    private readonly WorkerPool pool;
    private readonly Vector<float> floor;
    private readonly Action<int> work;
    private float* y, addend;
    private int count;

    public AddendPass(WorkerPool pool, ProductActivation activation)
    {
        this.pool = pool;
        floor = new(activation == ProductActivation.Relu ? 0 : float.NegativeInfinity);
        work = Work;
    }

    public void Run(float* y, float* addend, int count)
    {
        this.y = y;
        this.addend = addend;
        this.count = count;
        pool.Run(work);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Work(int thread)
    {
        var (i, end) = WorkerPool.Share(count, Grain, thread, pool.Threads);
        for (; i + Vector<float>.Count <= end; i += Vector<float>.Count)
            Vector.Store(Vector.Max(Vector.Load(y + i) + Vector.Load(addend + i), floor), y + i);
        for (; i < end; i++) y[i] = MathF.Max(y[i] + addend[i], floor[0]); // both let NaN through
    }
}
