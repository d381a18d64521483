using System.Text.Json;

namespace Connecto.Pipeline;

/// <summary>The record of a stage that is under way, kept beside its partial outputs.</summary>
/// <remarks>It is not in run.json, so that the record of an older, finished result stays true until it is replaced.</remarks>
internal static class StageJournal
{
    /// <summary>The record of a stage begun under the same fingerprint; null where there is none or it is damaged.</summary>
    public static StageRecord? Read(string path, string fingerprint)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var record = JsonSerializer.Deserialize<StageRecord>(File.ReadAllText(path), RunManifest.Json);
            return record?.Fingerprint == fingerprint ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the record atomically.</summary>
    public static void Write(string path, StageRecord record)
    {
        var temporary = path + ".tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(record, RunManifest.Json));
        File.Move(temporary, path, overwrite: true);
    }
}
