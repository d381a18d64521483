using System.Globalization;
using System.Text;
using System.Text.Json;
using Connecto.Graph;
using Connecto.Volumes;
using Connecto.Volumes.Slices;

namespace Connecto.Phantom;

/// <summary>
/// Writes a phantom as a folder that the rest of Connecto reads like any data set:
/// <c>raw</c> (8-bit PNG a section), <c>neurons</c>, <c>clefts</c>, <c>presynaptic</c>, <c>mitochondria</c> (ids, 0 = none;
/// the narrowest of 8-bit PNG, 16-bit PNG and 32-bit TIFF that holds the largest id), <c>synapses.csv</c>,
/// <c>connections.csv</c> and <c>volume.json</c>.
/// </summary>
public static class PhantomFiles
{
    /// <summary>Renders and writes all of it, sections in parallel, a section in memory a thread.</summary>
    /// <param name="phantom">What to write.</param>
    /// <param name="directory">Made if absent; must be empty. <c>volume.json</c> is written last: a folder without it is
    /// not whole.</param>
    /// <param name="sections">Told the number of sections written so far, from any thread.</param>
    /// <param name="cancel">Stops between sections; what is written stays, without <c>volume.json</c>.</param>
    /// <exception cref="InvalidDataException">The directory holds something, or is a file.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Write(PhantomVolume phantom, string directory, IProgress<int>? sections = null, CancellationToken cancel = default)
    {
        if (File.Exists(directory))
            throw new InvalidDataException($"{directory} is a file; a folder for the phantom was expected. It was left as it is.");
        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
            throw new InvalidDataException($"{directory} is not empty; an empty or new folder was expected. It was left as it is.");
        Directory.CreateDirectory(directory);
        var shape = phantom.Options.Shape;
        var digits = Math.Max(4, (shape.Z - 1).ToString(CultureInfo.InvariantCulture).Length);
        string[] stacks = ["raw", "neurons", "clefts", "presynaptic", "mitochondria"];
        foreach (var stack in stacks) Directory.CreateDirectory(Path.Combine(directory, stack));

        var done = 0;
        Parallel.For(0, shape.Z, new ParallelOptions { CancellationToken = cancel }, () => new PhantomSlice(shape.Y, shape.X),
            (z, _, slice) =>
            {
                phantom.RenderSlice(z, slice);
                var name = z.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
                string Place(string stack) => Path.Combine(directory, stack, name);
                PngImage.WriteGrey8(Place("raw") + ".png", slice.Raw, shape.Y, shape.X);
                WriteIds(Place("neurons"), slice.Neurons, slice, phantom.NeuriteCount);
                WriteIds(Place("clefts"), slice.Clefts, slice, phantom.CleftCount);
                WriteIds(Place("presynaptic"), slice.Presynaptic, slice, phantom.CleftCount);
                WriteIds(Place("mitochondria"), slice.Mitochondria, slice, phantom.MitochondrionCount);
                sections?.Report(Interlocked.Increment(ref done));
                return slice;
            }, _ => { });

        WriteSynapses(phantom, Path.Combine(directory, "synapses.csv"));
        ConnectionCsv.Write(Path.Combine(directory, "connections.csv"), phantom.Connections);
        WriteDescription(phantom, Path.Combine(directory, VolumeDescription.FileName));
    }

    /// <summary>The command line that makes the same phantom again.</summary>
    /// <remarks>Options that the command does not offer are left out; see <c>volume.json</c>'s "options" for all.</remarks>
    public static string CommandLine(PhantomOptions options, string directory)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"connecto phantom --shape {options.Shape} --voxel-size {options.VoxelSize} --seed {options.Seed}");
        var usual = new PhantomOptions();
        if (options.SynapseDensity != usual.SynapseDensity)
            line.Append(CultureInfo.InvariantCulture, $" --synapse-density {options.SynapseDensity}");
        if (options.NeuriteSpacing != usual.NeuriteSpacing)
            line.Append(CultureInfo.InvariantCulture, $" --neurite-spacing {options.NeuriteSpacing}");
        void Sections(string flag, IReadOnlyList<int> sections)
        {
            if (sections.Count > 0) line.Append(CultureInfo.InvariantCulture, $" --{flag} {string.Join(',', sections)}");
        }
        Sections("missing", options.MissingSections);
        Sections("duplicated", options.DuplicatedSections);
        Sections("folded", options.FoldedSections);
        return line.Append(CultureInfo.InvariantCulture, $" --out {directory}").ToString();
    }

    private static void WriteIds(string path, uint[] ids, PhantomSlice slice, int most)
    {
        if (most <= byte.MaxValue)
            PngImage.WriteGrey8(path + ".png", Array.ConvertAll(ids, id => (byte)id), slice.Height, slice.Width);
        else if (most <= ushort.MaxValue)
            PngImage.WriteGrey16(path + ".png", Array.ConvertAll(ids, id => (ushort)id), slice.Height, slice.Width);
        else
            TiffImage.Write(path + ".tif", [new GreyImage(ids, slice.Height, slice.Width)]);
    }

    /// <summary>The columns of <see cref="SynapseCsv"/> and one more, the cleft's id.</summary>
    private static void WriteSynapses(PhantomVolume phantom, string path)
    {
        var text = new StringBuilder("id,pre,post,z_nm,y_nm,x_nm,pre_z_nm,pre_y_nm,pre_x_nm,post_z_nm,post_y_nm,post_x_nm,size,score,block,cleft\n");
        for (var i = 0; i < phantom.Synapses.Count; i++)
        {
            var s = phantom.Synapses[i];
            text.Append(CultureInfo.InvariantCulture, $"{s.Id},{s.Pre},{s.Post},{s.Cleft.Z},{s.Cleft.Y},{s.Cleft.X},")
                .Append(CultureInfo.InvariantCulture, $"{s.PreSite.Z},{s.PreSite.Y},{s.PreSite.X},{s.PostSite.Z},{s.PostSite.Y},{s.PostSite.X},")
                .Append(CultureInfo.InvariantCulture, $"{s.Size},{s.Score},{s.Block},{phantom.SynapseClefts[i]}\n");
        }
        WriteWhole(path, text.ToString());
    }

    private static void WriteDescription(PhantomVolume phantom, string path)
    {
        var o = phantom.Options;
        var text = JsonSerializer.Serialize(new
        {
            voxelSize = new[] { o.VoxelSize.Z, o.VoxelSize.Y, o.VoxelSize.X },
            shape = new[] { o.Shape.Z, o.Shape.Y, o.Shape.X },
            seed = o.Seed.ToString(CultureInfo.InvariantCulture),
            command = CommandLine(o, "DIR"),
            neurites = phantom.NeuriteCount,
            mitochondria = phantom.MitochondrionCount,
            clefts = phantom.CleftCount,
            synapses = phantom.Synapses.Count,
            connections = phantom.Connections.Count,
            components = "A neurite that the border cuts keeps one id: score against its 26-connected components.",
            options = new
            {
                neuriteSpacing = o.NeuriteSpacing,
                mediumNeurites = o.MediumNeurites,
                largeNeurites = o.LargeNeurites,
                synapseDensity = o.SynapseDensity,
                polyadicShare = o.PolyadicShare,
                mitochondria = o.Mitochondria,
                missing = o.MissingSections,
                duplicated = o.DuplicatedSections,
                folded = o.FoldedSections,
                appearance = o.EffectiveAppearance,
            },
        }, new JsonSerializerOptions { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase });
        WriteWhole(path, text + "\n");
    }

    private static void WriteWhole(string path, string text)
    {
        var temporary = path + ".tmp";
        using (var stream = File.Create(temporary))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
