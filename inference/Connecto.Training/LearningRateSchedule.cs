namespace Connecto.Training;

/// <summary>How the learning rate goes on after the warm-up.</summary>
public enum LearningRateCourse
{
    /// <summary>It stays at the peak.</summary>
    Constant,

    /// <summary>Half a cosine from the peak to the floor at the last step (Loshchilov and Hutter, ICLR 2017).</summary>
    Cosine,

    /// <summary>Every DropEvery steps it is multiplied by DropFactor.</summary>
    Drops,
}

/// <summary>The learning rate of every step.</summary>
public sealed record LearningRateSchedule
{
    /// <summary>The highest rate.</summary>
    public double Peak { get; init; } = 1e-3;

    /// <summary>The course after the warm-up.</summary>
    public LearningRateCourse Course { get; init; } = LearningRateCourse.Constant;

    /// <summary>Steps in which the rate rises linearly to the peak.</summary>
    public long WarmUpSteps { get; init; }

    /// <summary>Steps in all, for <see cref="LearningRateCourse.Cosine"/>; later steps have the floor.</summary>
    public long TotalSteps { get; init; } = 10_000;

    /// <summary>The last rate of a cosine.</summary>
    public double Floor { get; init; }

    /// <summary>Steps between drops.</summary>
    public long DropEvery { get; init; } = 1000;

    /// <summary>What a drop multiplies by.</summary>
    public double DropFactor { get; init; } = 0.5;

    /// <summary>The rate of a step; the first step is 0.</summary>
    public double At(long step)
    {
        if (step < WarmUpSteps) return Peak * (step + 1) / WarmUpSteps;
        var after = step - WarmUpSteps;
        return Course switch
        {
            LearningRateCourse.Cosine => Floor + (Peak - Floor) * 0.5
                * (1 + Math.Cos(Math.PI * Math.Min(1, after / (double)Math.Max(1, TotalSteps - WarmUpSteps)))),
            LearningRateCourse.Drops => Peak * Math.Pow(DropFactor, after / Math.Max(1, DropEvery)),
            _ => Peak,
        };
    }
}
