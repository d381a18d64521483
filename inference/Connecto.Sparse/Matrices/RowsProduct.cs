namespace Connecto.Sparse.Matrices;

/// <summary>A matrix whose rows, or groups of rows, can be multiplied one by one.</summary>
internal unsafe interface IRowsProduct
{
    /// <summary>The entries of each row or group.</summary>
    SparsePattern Lists { get; }

    /// <summary>Computes the outputs of the lists [begin, end).</summary>
    void MultiplyLists(float* x, float* y, int begin, int end);
}

/// <summary>y = A x on a team of threads, without an allocation.</summary>
/// <remarks>A team takes a delegate, and a closure would be made anew for every product. So every calling thread keeps
/// one of these, with the delegate made once; matrices themselves stay immutable.</remarks>
internal sealed unsafe class RowsProduct
{
    [ThreadStatic]
    private static RowsProduct? mine;

    private readonly Action<int> work;
    private IRowsProduct? matrix;
    private int threads;
    private float* x;
    private float* y;

    private RowsProduct() => work = Work;

    /// <summary>Each thread takes consecutive lists with about the same number of entries.</summary>
    public static void Run(IRowsProduct matrix, ReadOnlySpan<float> x, Span<float> y, WorkerPool pool)
    {
        var job = mine ??= new RowsProduct();
        fixed (float* input = x, output = y)
        {
            (job.matrix, job.threads) = (matrix, pool.Threads);
            job.x = input;
            job.y = output;
            try
            {
                pool.Run(job.work);
            }
            finally
            {
                job.matrix = null; // a thread must not keep a matrix alive
            }
        }
    }

    /// <exception cref="ArgumentException">A length differs.</exception>
    public static void CheckLengths(int rows, int columns, int x, int y)
    {
        if (x != columns || y != rows)
            throw new ArgumentException(
                $"A {rows} x {columns} matrix takes {columns} inputs and {rows} outputs; found {x} and {y}.");
    }

    private void Work(int thread) => matrix!.MultiplyLists(
        x, y, matrix.Lists.FirstList(thread, threads), matrix.Lists.FirstList(thread + 1, threads));
}
