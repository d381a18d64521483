namespace Connecto.Pipeline;

/// <summary>Where a run tells how far it is; the command line draws it, a notebook may ignore it.</summary>
public interface IRunProgress
{
    /// <summary>A stage begins.</summary>
    void Begin(string stage);

    /// <summary>A stage was found finished and is skipped.</summary>
    void Skip(string stage);

    /// <summary>Some of the running stage's items are done; safe from several threads.</summary>
    void Advance(long done, long total, string unit);

    /// <summary>The running stage has ended.</summary>
    void End(string stage, StageRecord record);

    /// <summary>Something that the user should know, in one sentence.</summary>
    void Remark(string sentence);
}

/// <summary>Progress that goes nowhere.</summary>
public sealed class SilentProgress : IRunProgress
{
    /// <inheritdoc/>
    public void Begin(string stage) { }

    /// <inheritdoc/>
    public void Skip(string stage) { }

    /// <inheritdoc/>
    public void Advance(long done, long total, string unit) { }

    /// <inheritdoc/>
    public void End(string stage, StageRecord record) { }

    /// <inheritdoc/>
    public void Remark(string sentence) { }
}
