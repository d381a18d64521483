using Connecto.Training;

namespace Connecto.BrainNetworks;

/// <summary>A small task for fitted networks: say which of a few random patterns of the inputs this is, through noise.</summary>
/// <remarks>Every class is a random half of the inputs at 1, the others at 0; a sample is its class plus Gaussian noise. Depends
/// on the seed alone.</remarks>
public sealed class PatternTask
{
    private readonly float[][] _patterns;
    private readonly float _noise;
    private readonly int _seed;

    /// <summary>Draws the patterns.</summary>
    /// <param name="inputs">Input neurons.</param>
    /// <param name="options">Classes, noise, seed.</param>
    public PatternTask(int inputs, FitOptions options)
    {
        (_noise, _seed) = ((float)options.Noise, options.Seed);
        var random = new Random(_seed);
        _patterns = [.. Enumerable.Range(0, options.Classes).Select(_ => Enumerable.Range(0, inputs).Select(_ => (float)random.Next(2)).ToArray())];
    }

    /// <summary>Draws samples: classes in turn.</summary>
    /// <param name="count">How many.</param>
    /// <param name="turn">The same turn has the same samples; other turns have others.</param>
    /// <returns>Inputs [sample][input], and the class of each sample.</returns>
    public (float[] Inputs, int[] Classes) Draw(int count, int turn)
    {
        var random = new Random(HashOf(turn));
        var (inputs, classes) = (new float[count * _patterns[0].Length], new int[count]);
        for (var s = 0; s < count; s++)
        {
            var pattern = _patterns[classes[s] = random.Next(_patterns.Length)];
            for (var i = 0; i < pattern.Length; i++)
                inputs[s * pattern.Length + i] = pattern[i] + _noise * (float)Normal(random);
        }
        return (inputs, classes);
    }

    /// <summary>Samples as a batch of a trainer, on planes of one pixel; the target is 1 for the class and 0 for all others.</summary>
    internal static TrainingBatch Batch(float[] inputs, int[] classes, int classCount)
    {
        var target = new float[classes.Length * classCount];
        for (var s = 0; s < classes.Length; s++) target[s * classCount + classes[s]] = 1;
        var weight = new float[target.Length];
        Array.Fill(weight, 1);
        return new TrainingBatch { Count = classes.Length, Height = 1, Width = 1, Input = inputs, Target = target, Weight = weight };
    }

    private int HashOf(int turn) => (int)(((uint)_seed * 0x9E3779B1u) ^ ((uint)turn * 0x85EBCA77u) ^ 0x27D4EB2Fu);

    // Box and Muller 1958.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
