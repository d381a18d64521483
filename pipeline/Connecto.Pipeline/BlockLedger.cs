namespace Connecto.Pipeline;

/// <summary>Which blocks of a stage are whole on disk; it writes the manifest now and then, so a rerun skips them.</summary>
/// <remarks>Safe from several threads. At most a second of finished blocks is done again after a kill: their bytes are
/// the same, so it does not matter.</remarks>
public sealed class BlockLedger
{
    private readonly StageRecord _record;
    private readonly Action _save;
    private readonly Lock _lock = new();
    private long _lastSave = Environment.TickCount64;

    internal BlockLedger(StageRecord record, Action save) => (_record, _save) = (record, save);

    /// <summary>Declares how many blocks the stage has.</summary>
    public void Plan(int blocks)
    {
        lock (_lock)
        {
            _record.Blocks = blocks;
            _record.BlocksDone ??= [];
        }
    }

    /// <summary>True when a block was finished, in this sitting or an earlier one.</summary>
    public bool IsDone(int block)
    {
        lock (_lock) return _record.BlocksDone?.Contains(block) == true;
    }

    /// <summary>Records that a block is whole on disk.</summary>
    public void MarkDone(int block)
    {
        lock (_lock)
        {
            (_record.BlocksDone ??= []).Add(block);
            if (Environment.TickCount64 - _lastSave < 1000) return;
            _save();
            _lastSave = Environment.TickCount64;
        }
    }

    /// <summary>Works through all blocks that are not done, several at once.</summary>
    /// <param name="context">Threads, memory, progress and cancellation.</param>
    /// <param name="count">Blocks in all.</param>
    /// <param name="bytesEach">Memory that one block needs; so many run at once as fit.</param>
    /// <param name="work">Makes one block whole on disk; safe to run beside others.</param>
    /// <param name="atOnce">Blocks at once at most; 1 for work that uses all threads within a block.</param>
    /// <exception cref="InvalidDataException">One block alone does not fit the memory allowed.</exception>
    public static void ForEach(StageContext context, int count, long bytesEach, Action<int> work, int atOnce = int.MaxValue)
    {
        if (bytesEach > context.MemoryBytes)
            throw new InvalidDataException(
                $"One block needs {bytesEach >> 20} MiB, and --memory allows {context.MemoryBytes >> 20} MiB. " +
                "Give at least that much; finished stages were left as they are.");
        var ledger = context.Blocks;
        ledger.Plan(count);
        var todo = Enumerable.Range(0, count).Where(i => !ledger.IsDone(i)).ToArray();
        context.Progress.Advance(count - todo.Length, count, "blocks");
        var workers = (int)Math.Clamp(context.MemoryBytes / Math.Max(1, bytesEach), 1, Math.Min(atOnce, context.Threads));
        var done = count - todo.Length;
        BlockWork.Run(todo.Length, workers, context.Cancellation, i =>
        {
            work(todo[i]);
            ledger.MarkDone(todo[i]);
            context.Progress.Advance(Interlocked.Increment(ref done), count, "blocks");
        });
    }
}
