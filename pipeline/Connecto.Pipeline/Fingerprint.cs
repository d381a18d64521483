using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Connecto.Pipeline;

/// <summary>What a result depends on, in 64 hexadecimal digits; equal fingerprints mean equal results.</summary>
internal static class Fingerprint
{
    /// <summary>The fingerprint of a stage.</summary>
    public static string Of(Stage stage, JsonObject parameters, IEnumerable<string> inputs)
    {
        var text = $"{stage.Name}/{stage.Revision}\n{parameters.ToJsonString()}\n{string.Join('\n', inputs)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>The fingerprint of files by name, length and time of last change; their content is not read.</summary>
    public static string OfFiles(IEnumerable<string> files)
    {
        var text = new StringBuilder();
        foreach (var file in files)
        {
            var info = new FileInfo(file);
            text.Append(info.Name).Append('\t').Append(info.Length).Append('\t').Append(info.LastWriteTimeUtc.Ticks).Append('\n');
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The fingerprint of the content of files.</summary>
    public static string OfContent(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files) hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
