using System.CommandLine;
using System.Globalization;
using Connecto.Graph;

namespace Connecto.Cli.Questions;

/// <summary>What a published table of degrees says about partners and contacts.</summary>
internal static class DegreeAnswer
{
    public static void Give(QuestionOptions question, ParseResult parse, DegreeTable table, string file)
    {
        if (question.IsForPeople(parse))
        {
            Output.WriteTable([
                ["distribution", "mean", "median", "max"],
                Row("synapses a neuron", table.Synapses), Row("partners a neuron", table.Partners), Row("synapses with them", table.Contacts),
            ]);
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{table.Rows.Count} neurons. At {table.ContactsPerPartner:0.00} contacts a partner, 7,000 synapses are {table.PartnersOfCorticalNeuron:N0} partners."));
            return;
        }
        question.Answer(
            parse, Histograms(("synapses", table.Synapses), ("partners", table.Partners), ("contacts", table.Contacts)), new()
            {
                ["table"] = file,
                ["neurons"] = table.Rows.Count,
                ["contactsPerPartner"] = table.ContactsPerPartner,
                ["partnersOf7000Synapses"] = table.PartnersOfCorticalNeuron,
            });
    }

    /// <summary>How often each value of some distributions occurs, as rows.</summary>
    public static AnswerTable Histograms(params ReadOnlySpan<(string Name, Distribution Values)> distributions)
    {
        var table = new AnswerTable("distribution", "value", "count");
        foreach (var (name, values) in distributions)
            foreach (var (value, count) in values.Histogram)
                table.Add(name, value, count);
        return table;
    }

    private static string[] Row(string name, Distribution d) =>
        [name, d.Mean.ToString("0.00", CultureInfo.InvariantCulture), d.Median.ToString("0.#", CultureInfo.InvariantCulture),
            d.Max.ToString("N0", CultureInfo.InvariantCulture)];
}
