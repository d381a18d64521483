namespace Connecto.Sparse.Planes;

/// <summary>A step that can be done band by band: some rows of its target planes at a time, in ascending order.</summary>
/// <param name="target">The layout of the planes written; its rows count those between sections.</param>
/// <remarks>No row's bits depend on the bands. A step may write behind its band, up to a tile; nobody reads that before
/// the next band has written it anew.</remarks>
internal abstract class BandStep(PlaneLayout target) : PlaneStep
{
    /// <summary>The layout of the planes written.</summary>
    public PlaneLayout Target => target;

    public sealed override void Run(int thread, int threads) => Run(0, target.Rows, thread, threads);

    /// <summary>Does the share of one thread of the rows from begin to end.</summary>
    public abstract void Run(int begin, int end, int thread, int threads);

    /// <summary>Where a band begins that goes by floats: at a cache line, or all its vectors would cross lines. The few
    /// floats before its first row come out as they were.</summary>
    protected int FirstFloat(int row) => row * target.Pitch & ~15;
}

/// <summary>A step that works row by row: threads share the rows of a band, or the planes where there are few
/// rows.</summary>
internal abstract class RowStep(PlaneLayout target, int planes) : BandStep(target)
{
    public sealed override void Run(int begin, int end, int thread, int threads)
    {
        var (firstPlane, endPlane) = (0, planes);
        if (end - begin >= 4 * threads)
        {
            var (first, last) = WorkerPool.Share(end - begin, 1, thread, threads);
            (begin, end) = (begin + first, begin + last);
        }
        else (firstPlane, endPlane) = WorkerPool.Share(planes, 1, thread, threads);
        for (var plane = firstPlane; plane < endPlane; plane++)
        {
            var (section, line) = (begin / Target.SectionRows, begin % Target.SectionRows);
            for (var row = begin; row < end; row++, line++)
            {
                if (line == Target.SectionRows) (section, line) = (section + 1, 0);
                if (line < Target.Height) Row(plane, section, line);
            }
        }
    }

    /// <summary>Writes one row of one plane.</summary>
    protected abstract void Row(int plane, int section, int row);
}

/// <summary>A step that works position by position: a band is one run of floats, borders included, that threads
/// share.</summary>
internal abstract class FlatStep(PlaneLayout target) : BandStep(target)
{
    private const int Grain = 16; // floats of a cache line

    public sealed override void Run(int begin, int end, int thread, int threads)
    {
        var from = FirstFloat(begin);
        var (first, last) = WorkerPool.Share(end * Target.Pitch - from, Grain, thread, threads);
        if (first < last) Floats(from + first, from + last);
    }

    /// <summary>Writes all planes from one float to another.</summary>
    protected abstract void Floats(int begin, int end);
}
