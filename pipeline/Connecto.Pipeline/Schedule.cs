using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Connecto.Pipeline;

/// <summary>Runs stages in order, skipping what is already there.</summary>
/// <remarks>
/// A stage is finished when the manifest says so under the fingerprint that its parameters and inputs have now: a
/// changed parameter changes the fingerprints of exactly the stages that depend on it, and those alone run again. A
/// stage works in .partial/NAME-FINGERPRINT and is moved into place whole. Old outputs stay until then, so a run that
/// fails leaves what was there.
/// </remarks>
public sealed class Schedule
{
    private readonly RunDirectory _run;
    private readonly IReadOnlyList<Stage> _stages;
    private readonly IRunProgress _progress;
    private readonly RunManifest _manifest;

    /// <summary>Makes a schedule over a run's directory.</summary>
    /// <param name="run">The directory; its manifest is read if there is one.</param>
    /// <param name="settings">What the user asks for now.</param>
    /// <param name="stages">All stages of the run, in order.</param>
    /// <param name="progress">Where progress goes.</param>
    /// <exception cref="InvalidDataException">The manifest cannot be read.</exception>
    public Schedule(RunDirectory run, RunSettings settings, IReadOnlyList<Stage> stages, IRunProgress progress)
    {
        (_run, _stages, _progress) = (run, stages, progress);
        _manifest = RunManifest.Read(run) ?? new RunManifest();
        _manifest.Settings = settings;
        _manifest.Version = CodeVersion.Text;
    }

    /// <summary>Runs all stages, or those up to and including one.</summary>
    /// <exception cref="InvalidDataException">A setting or an input is bad; finished stages stay as they are.</exception>
    /// <exception cref="OperationCanceledException">Stopped; a rerun goes on from the last whole block.</exception>
    public RunManifest Run(CancellationToken cancellation, string? last = null)
    {
        foreach (var (stage, parameters, fingerprint) in Plan())
        {
            if (IsFinished(stage, fingerprint)) _progress.Skip(stage.Name);
            else RunStage(stage, parameters, fingerprint, cancellation);
            if (stage.Name == last) break;
        }
        return _manifest;
    }

    /// <summary>Runs one stage alone; those before it must be finished.</summary>
    /// <exception cref="InvalidDataException">An earlier stage is missing or was made with other parameters.</exception>
    public RunManifest RunOnly(string name, CancellationToken cancellation)
    {
        var plan = Plan();
        var wanted = plan.First(p => p.Stage.Name == name);
        foreach (var input in wanted.Stage.Inputs)
        {
            var entry = plan.First(p => p.Stage.Name == input);
            if (!IsFinished(entry.Stage, entry.Fingerprint))
                throw new InvalidDataException(
                    $"Stage '{name}' reads the output of '{input}', which is not finished in '{_run.Root}' with these " +
                    $"settings. Run `connecto {input}` or `connecto run` first; nothing was changed.");
        }
        if (IsFinished(wanted.Stage, wanted.Fingerprint)) _progress.Skip(name);
        else RunStage(wanted.Stage, wanted.Parameters, wanted.Fingerprint, cancellation);
        return _manifest;
    }

    private List<(Stage Stage, JsonObject Parameters, string Fingerprint)> Plan()
    {
        var fingerprints = new Dictionary<string, string>();
        var plan = new List<(Stage, JsonObject, string)>();
        foreach (var stage in _stages)
        {
            var parameters = stage.Parameters(_manifest.Settings);
            var fingerprint = Fingerprint.Of(stage, parameters, stage.Inputs.Select(i => fingerprints[i]));
            fingerprints[stage.Name] = fingerprint;
            plan.Add((stage, parameters, fingerprint));
        }
        return plan;
    }

    private bool IsFinished(Stage stage, string fingerprint) =>
        _manifest.Stages.TryGetValue(stage.Name, out var record) && record.State == StageState.Done
        && record.Fingerprint == fingerprint && stage.Outputs.All(o => Path.Exists(_run.At(o)));

    private void RunStage(Stage stage, JsonObject parameters, string fingerprint, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _run.Create();
        var work = new RunDirectory(Path.Combine(_run.Partial, $"{stage.Name}-{fingerprint[..16]}"));
        var journal = Path.Combine(work.Root, "stage.json");
        var record = StageJournal.Read(journal, fingerprint) ?? Begin(stage, parameters, fingerprint, work);
        var settings = _manifest.Settings;
        record.Threads = settings.EffectiveThreads;
        var before = record.Seconds;
        var clock = Stopwatch.StartNew();
        void Save()
        {
            record.Seconds = before + clock.Elapsed.TotalSeconds;
            StageJournal.Write(journal, record);
        }

        Save();
        if (_manifest.Stages.TryAdd(stage.Name, record)) SortStages();
        _manifest.Write(_run);
        _progress.Begin(stage.Name);
        try
        {
            var result = stage.Run(new StageContext
            {
                Run = _run,
                Work = work,
                Settings = settings,
                Threads = settings.EffectiveThreads,
                MemoryBytes = settings.EffectiveMemory,
                Blocks = new BlockLedger(record, Save),
                Progress = _progress,
                Cancellation = cancellation,
            });
            record.Seconds = before + clock.Elapsed.TotalSeconds;
            record.Voxels = result.Voxels;
            record.MvoxelsPerSecond = Math.Round(result.Voxels / 1e6 / Math.Max(1e-9, record.Seconds), 3);
            record.Results = result.Results;
        }
        catch
        {
            Save();
            throw;
        }
        record.PeakMemoryBytes = Process.GetCurrentProcess().PeakWorkingSet64;
        Publish(stage, record, work);
        _progress.End(stage.Name, record);
    }

    private static StageRecord Begin(Stage stage, JsonObject parameters, string fingerprint, RunDirectory work)
    {
        if (Directory.Exists(work.Root)) Directory.Delete(work.Root, recursive: true);
        Directory.CreateDirectory(work.Root);
        return new StageRecord
        {
            Fingerprint = fingerprint,
            Inputs = stage.Inputs,
            Outputs = stage.Outputs,
            Parameters = parameters,
            Started = DateTime.UtcNow,
        };
    }

    /// <summary>Moves outputs into place. The manifest first forgets the stage, so a kill between the moves redoes it.</summary>
    private void Publish(Stage stage, StageRecord record, RunDirectory work)
    {
        _manifest.Stages.Remove(stage.Name);
        _manifest.Write(_run);
        foreach (var output in stage.Outputs)
        {
            var (from, to) = (work.At(output), _run.At(output));
            if (Directory.Exists(to)) Directory.Delete(to, recursive: true);
            else if (File.Exists(to)) File.Delete(to);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (Directory.Exists(from)) Directory.Move(from, to);
            else File.Move(from, to);
        }
        record.State = StageState.Done;
        record.BlocksDone = null;
        _manifest.Stages[stage.Name] = record;
        SortStages();
        _manifest.Write(_run);
        RemovePartial(stage);
    }

    private void SortStages()
    {
        var records = _stages.Where(s => _manifest.Stages.ContainsKey(s.Name)).Select(s => (s.Name, _manifest.Stages[s.Name])).ToList();
        _manifest.Stages.Clear();
        foreach (var (name, record) in records) _manifest.Stages[name] = record;
    }

    /// <summary>Clears this stage's leftovers, those of older parameters too.</summary>
    private void RemovePartial(Stage stage)
    {
        foreach (var old in Directory.GetDirectories(_run.Partial, stage.Name + "-*")) Directory.Delete(old, recursive: true);
        if (!Directory.EnumerateFileSystemEntries(_run.Partial).Any()) Directory.Delete(_run.Partial);
    }
}
