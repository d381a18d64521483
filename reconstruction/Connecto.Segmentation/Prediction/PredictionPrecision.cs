using Connecto.Segmentation.Model;

namespace Connecto.Segmentation.Prediction;

/// <summary>In what numbers a model predicts.</summary>
public enum PredictionPrecision
{
    /// <summary>Bytes where the model was quantised, else floats.</summary>
    Auto,

    /// <summary>Floats of 32 bits.</summary>
    Fp32,

    /// <summary>Bytes; only models with a quantization.json.</summary>
    Int8,
}

/// <summary>Which precision a model gets.</summary>
public static class PredictionPrecisions
{
    /// <summary>What is meant for a model: Fp32 or Int8.</summary>
    /// <exception cref="InvalidDataException">Bytes are asked for and the model was not quantised.</exception>
    public static PredictionPrecision For(this PredictionPrecision precision, EmModel model)
    {
        if (precision == PredictionPrecision.Int8 && model.Quantization is null)
            throw new InvalidDataException(
                $"Model '{model.Info.Name}' has no quantization.json, so it cannot predict in int8; choose fp32 or a quantised model. "
                + "Nothing was predicted.");
        return precision != PredictionPrecision.Auto ? precision
            : model.Quantization is null ? PredictionPrecision.Fp32 : PredictionPrecision.Int8;
    }
}
