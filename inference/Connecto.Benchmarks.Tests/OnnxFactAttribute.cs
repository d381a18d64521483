namespace Connecto.Benchmarks.Tests;

/// <summary>A fact that ONNX Runtime is the oracle of; skipped, with the reason, where it is not installed.</summary>
internal sealed class OnnxFactAttribute : FactAttribute
{
    public OnnxFactAttribute()
    {
        if (OrtLibrary.Installed is null) Skip = OrtLibrary.Advice;
    }
}
