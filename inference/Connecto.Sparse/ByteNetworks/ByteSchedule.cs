namespace Connecto.Sparse.ByteNetworks;

/// <summary>Some lines of a step, which has that place among all.</summary>
internal readonly record struct BytePortion(ByteStep Step, int Place, int Begin, int End);

/// <summary>A step with what decides when its lines can be done.</summary>
/// <param name="Step">The work.</param>
/// <param name="Inputs">Places of the steps that it reads.</param>
/// <param name="Reach">By input: lines needed for the first so many lines of the result.</param>
/// <param name="Height">Lines of the result.</param>
/// <param name="Band">Lines that are done at a time.</param>
internal sealed record ScheduledStep(ByteStep Step, int[] Inputs, Func<int, int>[] Reach, int Height, int Band);

/// <summary>The order in which the lines of all steps are done.</summary>
/// <remarks>
/// Idea: the last step asks for a band of lines, and each step first asks its inputs for what these lines need; so
/// what a layer has written is read while it is still in the second cache, and nothing is computed twice (the line
/// buffers of image pipelines: J. Ragan-Kelley et al., Halide, PLDI 2013, with the bands fixed beforehand).
/// </remarks>
internal static class ByteSchedule
{
    /// <summary>The portions in order; the last step is asked for all of its lines.</summary>
    public static BytePortion[] Of(IReadOnlyList<ScheduledStep> steps)
    {
        var done = new int[steps.Count];
        List<BytePortion> portions = [];
        var last = steps[^1];
        for (var line = 0; line < last.Height; line += last.Band) Ask(steps.Count - 1, Math.Min(line + last.Band, last.Height));
        return [.. portions];

        void Ask(int place, int lines)
        {
            if (done[place] >= lines) return;
            var step = steps[place];
            lines = Math.Min((lines + step.Band - 1) / step.Band * step.Band, step.Height);
            for (var i = 0; i < step.Inputs.Length; i++)
                Ask(step.Inputs[i], Math.Min(step.Reach[i](lines), steps[step.Inputs[i]].Height));
            portions.Add(new(step.Step, place, done[place], lines));
            done[place] = lines;
        }
    }
}
