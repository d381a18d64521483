using Connecto.Training;

namespace Connecto.Segmentation.Training;

/// <summary>Prepares the next step's batch while the network learns from this one.</summary>
/// <remarks>A batch is a function of the configuration, the data and its step alone, so preparing ahead changes nothing. Two
/// batches of arrays take turns.</remarks>
internal sealed class BatchQueue(TrainingConfig config, TrainingData data)
{
    private readonly TrainingBatch[] _batches = [Empty(config), Empty(config)];
    private readonly PatchSampler _sampler = new(config);
    private (long Step, Task Task) _ahead = (-1, Task.CompletedTask);

    /// <summary>The batch of a step; valid until the one after the next is asked for.</summary>
    public TrainingBatch Take(long step)
    {
        if (_ahead.Step == step) _ahead.Task.GetAwaiter().GetResult();
        else
        {
            _ahead.Task.GetAwaiter().GetResult();
            Fill(step);
        }
        _ahead = (step + 1, Task.Run(() => Fill(step + 1)));
        return _batches[step & 1];
    }

    private void Fill(long step)
    {
        var batch = _batches[step & 1];
        var (plane, sections) = (config.Patch * config.Patch, config.Sections);
        for (var i = 0; i < config.Batch; i++)
        {
            var random = new PatchRandom(config.Seed, (ulong)step, (ulong)i);
            _sampler.Random(data.Pick(ref random), random,
                batch.Input.AsSpan(i * sections * plane, sections * plane),
                batch.Target.AsSpan(i * 5 * plane, 5 * plane), batch.Weight.AsSpan(i * 5 * plane, 5 * plane));
        }
    }

    private static TrainingBatch Empty(TrainingConfig config)
    {
        var pixels = config.Batch * config.Patch * config.Patch;
        return new()
        {
            Count = config.Batch,
            Height = config.Patch,
            Width = config.Patch,
            Input = new float[pixels * config.Sections],
            Target = new float[pixels * 5],
            Weight = new float[pixels * 5],
        };
    }
}
