using System.Globalization;
using Connecto.Graph;
using Connecto.Pipeline;
using Connecto.Viewer;

namespace Connecto.Cli.Report;

/// <summary>The report of a run: what was done, how fast, what was found, and a picture of every stage.</summary>
internal static class RunReport
{
    /// <summary>Writes report.html.</summary>
    /// <returns>The pictures, by name.</returns>
    public static IReadOnlyList<(string Name, Picture Picture)> Write(RunDirectory run, RunManifest manifest)
    {
        var pictures = RunPictures.Draw(run);
        var sections = new List<ReportSection> { Stages(manifest), Look(pictures) };
        if (Directory.Exists(run.Tables)) sections.Add(Graph(ConnectomeSource.Open(run.Root).Connectome));
        ReportPage.Write(run.Report, new ReportContent(
            $"Connecto: {Path.GetFileName(run.Root)}", $"{manifest.Settings.Source}, voxels of {manifest.Settings.VoxelSize} nm (z,y,x)", sections));
        return pictures;
    }

    /// <summary>Writes the pictures as PNG files into the run's directory, and all of them on one sheet.</summary>
    public static void WritePictures(RunDirectory run, IReadOnlyList<(string Name, Picture Picture)> pictures)
    {
        Directory.CreateDirectory(run.Pictures);
        foreach (var (name, picture) in pictures) picture.Save(Path.Combine(run.Pictures, name + ".png"));
        ContactSheet.Draw([.. pictures.Select(p => p.Picture)], new ContactSheetOptions { Title = Path.GetFileName(run.Root) })
            .Save(Path.Combine(run.Pictures, "overview.png"));
    }

    private static ReportSection Stages(RunManifest manifest) => new("Stages")
    {
        Facts =
        [
            new("source", manifest.Settings.Source),
            new("model", Path.GetFileName(manifest.Settings.Model ?? "")),
            new("version", manifest.Version),
        ],
        Tables =
        [
            new ReportTable("Time and rate of each stage", ["stage", "seconds", "Mvoxel/s", "threads", "found"],
                [.. manifest.Stages.Select(s => (IReadOnlyList<string>)
                    [s.Key, Number(s.Value.Seconds, "0.00"), Number(s.Value.MvoxelsPerSecond, "0.00"), $"{s.Value.Threads}", RunSummary.Facts(s.Value)])]),
        ],
    };

    private static ReportSection Look(IReadOnlyList<(string Name, Picture Picture)> pictures) =>
        new("Look at each stage") { Pictures = [.. pictures.Select(p => p.Picture)] };

    private static ReportSection Graph(Connectome connectome)
    {
        var s = ConnectomeStatistics.Of(connectome);
        var b = ConnectomeBudget.Of(connectome);
        return new ReportSection("The graph")
        {
            Facts =
            [
                new("neurons", Number(s.Neurons, "N0")),
                new("synapses", Number(s.Synapses, "N0")),
                new("connections", Number(s.Edges, "N0")),
                new("contacts a pair, mean and most", $"{Number(s.ContactsPerPair.Mean, "0.00")}, {s.ContactsPerPair.Max}"),
                new("partners in a receiving neuron, mean", Number(s.Partners.PartnersPerNeuron, "0.0")),
                new("7,000 synapses are so many partners", Number(s.Partners.PartnersOfCorticalNeuron, "N0")),
                new($"operations a second at {Number(b.Assumed.MeanRateHz, "0.##")} Hz", Number(b.OperationsPerSecond, "N0")),
                new($"bytes as {b.Formats[0].Format}", Number(b.Formats[0].TotalBytes, "N0")),
            ],
        };
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
