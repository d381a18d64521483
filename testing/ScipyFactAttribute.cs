using System.Diagnostics;

namespace Connecto.Testing;

/// <summary>A fact that SciPy is the oracle of; skipped, with the reason, where Python has none.</summary>
internal sealed class ScipyFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Found = new(() => Scipy.TryRun("import scipy.sparse", out _));

    public ScipyFactAttribute()
    {
        if (!Found.Value) Skip = "needs Python with SciPy (Debian: python3-scipy)";
    }
}

/// <summary>Debian's Python, for its SciPy.</summary>
internal static class Scipy
{
    /// <summary>Runs a script; false where there is no Python or the script fails.</summary>
    public static bool TryRun(string script, out string output)
    {
        output = "";
        try
        {
            var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(script);
            using var python = Process.Start(start)!;
            output = python.StandardOutput.ReadToEnd() + python.StandardError.ReadToEnd();
            python.WaitForExit();
            return python.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
