using System.Text.Json.Nodes;
using Connecto.Volumes;

namespace Connecto.Pipeline;

/// <summary>One arrow of the data's way: it reads the outputs of earlier stages and writes its own.</summary>
/// <remarks>A stage writes into a partial directory; the schedule moves its outputs into place when it has finished, so
/// an output in place is whole. The same parameters and inputs give the same bytes, whatever the threads or the stops.</remarks>
public abstract class Stage
{
    /// <summary>Its name, as the command line has it.</summary>
    public abstract string Name { get; }

    /// <summary>Raised when the code changes what the stage writes; part of its fingerprint.</summary>
    public abstract int Revision { get; }

    /// <summary>The stages whose outputs it reads.</summary>
    public abstract IReadOnlyList<string> Inputs { get; }

    /// <summary>What it writes, relative to the run's directory: directories or files.</summary>
    public abstract IReadOnlyList<string> Outputs { get; }

    /// <summary>Everything its result depends on besides its inputs.</summary>
    /// <exception cref="InvalidDataException">A setting cannot be met; nothing was changed.</exception>
    public abstract JsonObject Parameters(RunSettings settings);

    /// <summary>Does the work.</summary>
    public abstract StageResult Run(StageContext context);
}

/// <summary>What a stage reports of itself.</summary>
/// <param name="Voxels">Voxels of the volume it went through.</param>
/// <param name="Results">Counts and remarks for the manifest.</param>
public sealed record StageResult(long Voxels, JsonObject Results);

/// <summary>What a stage works with.</summary>
public sealed class StageContext
{
    /// <summary>The finished outputs of earlier stages.</summary>
    public required RunDirectory Run { get; init; }

    /// <summary>Where this stage writes: laid out as the run's directory is.</summary>
    public required RunDirectory Work { get; init; }

    /// <summary>What the user asked for.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Worker threads, 1 or more.</summary>
    public required int Threads { get; init; }

    /// <summary>Bytes that the stage may hold at once.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Which blocks are whole on disk.</summary>
    public required BlockLedger Blocks { get; init; }

    /// <summary>Where progress goes.</summary>
    public required IRunProgress Progress { get; init; }

    /// <summary>Stops the stage at the next block.</summary>
    public required CancellationToken Cancellation { get; init; }

    /// <summary>Works through blocks side by side, as many at once as fit the memory; nothing is kept for a rerun.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="bytesPerVoxel">Memory that a block needs, bytes a voxel.</param>
    /// <param name="work">Does one block, by its number.</param>
    public void ForEachBlock(IReadOnlyList<Box> blocks, int bytesPerVoxel, Action<int> work)
    {
        var bytes = Math.Max(1, blocks.Max(b => b.Count) * bytesPerVoxel);
        var done = 0;
        BlockWork.Run(blocks.Count, (int)Math.Clamp(MemoryBytes / bytes, 1, Threads), Cancellation, i =>
        {
            work(i);
            Progress.Advance(Interlocked.Increment(ref done), blocks.Count, "blocks");
        });
    }
}
