using System.Reflection;

namespace Connecto.Pipeline;

/// <summary>The version of Connecto that is running.</summary>
public static class CodeVersion
{
    /// <summary>"0.1.0+commit" as the build stamped it.</summary>
    public static string Text { get; } =
        typeof(CodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
