namespace Connecto.Sparse.Planes;

/// <summary>One piece of work on an arena's planes; every thread does its own fixed share of it.</summary>
internal abstract class PlaneStep
{
    /// <summary>Does the share of one thread. The next step may begin when all have returned.</summary>
    public abstract void Run(int thread, int threads);
}
