using System.Globalization;
using Connecto.Segmentation.Model;

namespace Connecto.Segmentation.Training;

/// <summary>How well a network predicts sections that it was not trained on.</summary>
/// <param name="Loss">Mean weighted cross-entropy, the loss of training.</param>
/// <param name="BoundaryF1">F1 of affinities y and x below one half against true boundaries.</param>
/// <param name="BoundaryZF1">The same for affinity z; NaN where no source has ids across sections.</param>
/// <param name="CleftF1">F1 of cleft voxels at one half; NaN where no source has clefts.</param>
/// <param name="PresynapticF1">F1 of presynaptic voxels at one half; NaN where none is known.</param>
public sealed record ValidationScore(
    double Loss, double BoundaryF1, double BoundaryZF1, double CleftF1, double PresynapticF1)
{
    /// <summary>Column names of <see cref="ToCsv"/>.</summary>
    public const string CsvHeader = "validation_loss,boundary_f1,boundary_z_f1,cleft_f1,presynaptic_f1";

    /// <summary>The values, comma-separated; empty where there is none.</summary>
    public string ToCsv() => string.Join(',', new[] { Loss, BoundaryF1, BoundaryZF1, CleftF1, PresynapticF1 }.Select(
        value => double.IsNaN(value) ? "" : value.ToString("0.#####", CultureInfo.InvariantCulture)));

    /// <summary>"loss 0.21, boundary F1 0.91, ...".</summary>
    public override string ToString()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"loss {Loss:0.0000}, boundary F1 {BoundaryF1:0.000}");
        if (!double.IsNaN(BoundaryZF1)) text += string.Create(CultureInfo.InvariantCulture, $", across sections {BoundaryZF1:0.000}");
        if (!double.IsNaN(CleftF1)) text += string.Create(CultureInfo.InvariantCulture, $", cleft F1 {CleftF1:0.000}");
        if (!double.IsNaN(PresynapticF1)) text += string.Create(CultureInfo.InvariantCulture, $", presynaptic F1 {PresynapticF1:0.000}");
        return text;
    }

    /// <summary>Adds up a score patch by patch.</summary>
    internal sealed class Sum
    {
        private readonly long[] _hits = new long[5], _found = new long[5], _true = new long[5];
        private double _loss, _weight;

        /// <summary>Adds a patch of [5][pixels] probabilities.</summary>
        public void Add(ReadOnlySpan<float> predicted, ReadOnlySpan<float> target, ReadOnlySpan<float> weight)
        {
            var plane = predicted.Length / 5;
            for (var i = 0; i < predicted.Length; i++)
            {
                if (weight[i] == 0) continue;
                var p = Math.Clamp(predicted[i], 1e-7, 1 - 1e-7);
                _loss -= weight[i] * (target[i] > 0.5 ? Math.Log(p) : Math.Log(1 - p));
                _weight += weight[i];
                // Affinities are scored by their rare class, the boundary.
                var c = i / plane;
                bool found = p >= 0.5, real = target[i] > 0.5;
                if (c < (int)EmOutput.Cleft) (found, real) = (!found, !real);
                if (found) _found[c]++;
                if (real) _true[c]++;
                if (found && real) _hits[c]++;
            }
        }

        /// <summary>The score of all that was added.</summary>
        public ValidationScore Score() => new(_weight > 0 ? _loss / _weight : double.NaN,
            F1(EmOutput.AffinityY, EmOutput.AffinityX), F1(EmOutput.AffinityZ), F1(EmOutput.Cleft), F1(EmOutput.Presynaptic));

        private double F1(params ReadOnlySpan<EmOutput> outputs)
        {
            long hits = 0, all = 0, real = 0;
            foreach (var output in outputs)
                (hits, all, real) = (hits + _hits[(int)output], all + _found[(int)output] + _true[(int)output], real + _true[(int)output]);
            return real == 0 ? double.NaN : 2.0 * hits / all;
        }
    }
}
