using Connecto.Testing;

namespace Connecto.Benchmarks.Tests;

/// <summary>A fact that Brian2 is the oracle of; skipped, with the reason, where Python has none.</summary>
internal sealed class BrianFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Found = new(() => Scipy.TryRun("import brian2, shutil, sys; sys.exit(not shutil.which('g++'))", out _));

    public BrianFactAttribute()
    {
        if (!Found.Value) Skip = "needs Python with Brian2 and a C++ compiler (Debian: python3-brian, g++)";
    }
}
