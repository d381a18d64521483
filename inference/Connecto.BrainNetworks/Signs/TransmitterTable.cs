using System.Globalization;
using System.Security.Cryptography;

namespace Connecto.BrainNetworks;

/// <summary>Tables of transmitters, CSV with a header: <c>id,transmitter</c> says what neurons have, <c>transmitter,sign</c> says
/// what transmitters do (1, -1, excitatory or inhibitory).</summary>
public static class TransmitterTable
{
    /// <summary>Lays tables over a rule.</summary>
    /// <param name="rule">What holds where the tables say nothing.</param>
    /// <param name="paths">CSV files of either kind, in any order; of a neuron or transmitter named twice the last row counts.</param>
    /// <exception cref="InvalidDataException">A table has another header, or a row that is not of it; the message names it.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static TransmitterRule Read(TransmitterRule rule, IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            var lines = File.ReadAllLines(path);
            var header = lines.Length == 0 ? [] : Fields(lines[0]);
            var rows = lines.Select((line, i) => (Number: i + 1, Fields: Fields(line))).Skip(1).Where(r => r.Fields is not [""]).ToList();
            var transmitter = Array.IndexOf(header, "transmitter");
            if (transmitter < 0) transmitter = Array.IndexOf(header, "nt_type");
            int id = Array.FindIndex(header, name => name is "id" or "root_id"), sign = Array.IndexOf(header, "sign");
            if (transmitter < 0 || id < 0 == sign < 0)
                throw new InvalidDataException(
                    $"'{path}' has the header '{string.Join(',', header)}'; id,transmitter or transmitter,sign was expected; no network was made.");
            foreach (var (number, fields) in rows)
                if (fields.Length != header.Length) throw Bad(path, number, $"has {fields.Length} fields; the header has {header.Length}");
            rule = id >= 0
                ? rule with { Given = Neurons(path, rows, id, transmitter, rule.Given) }
                : rule with { SignOf = Signs(path, rows, transmitter, sign, rule.SignOf) };
            var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
            rule = rule with { Tables = [.. rule.Tables, $"{Path.GetFileName(path)} sha256:{hash}"] };
        }
        return rule;
    }

    private static Dictionary<ulong, string> Neurons(
        string path, List<(int Number, string[] Fields)> rows, int id, int transmitter, IReadOnlyDictionary<ulong, string>? before)
    {
        var neurons = before is null ? [] : new Dictionary<ulong, string>(before);
        foreach (var (number, fields) in rows)
            neurons[ulong.TryParse(fields[id], NumberStyles.None, CultureInfo.InvariantCulture, out var neuron) && neuron != 0 ? neuron
                : throw Bad(path, number, $"has '{fields[id]}' as id; a positive whole number was expected")] = fields[transmitter];
        return neurons;
    }

    private static Dictionary<string, int> Signs(
        string path, List<(int Number, string[] Fields)> rows, int transmitter, int sign, IReadOnlyDictionary<string, int> before)
    {
        var signs = new Dictionary<string, int>(before);
        foreach (var (number, fields) in rows)
            signs[fields[transmitter].ToUpperInvariant()] = fields[sign].ToUpperInvariant() switch
            {
                "1" or "+1" or "EXCITATORY" => 1,
                "-1" or "INHIBITORY" => -1,
                _ => throw Bad(path, number, $"has '{fields[sign]}' as sign; 1 or -1 was expected"),
            };
        return signs;
    }

    private static string[] Fields(string line) => [.. line.Split(',').Select(f => f.Trim().Trim('"'))];

    private static InvalidDataException Bad(string path, int line, string what) =>
        new($"Line {line} of '{path}' {what}; no network was made.");
}
