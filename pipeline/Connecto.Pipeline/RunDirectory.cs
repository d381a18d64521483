namespace Connecto.Pipeline;

/// <summary>Where everything lies in a run's directory; the only place that knows the names.</summary>
/// <param name="root">The directory; need not exist yet.</param>
public sealed class RunDirectory(string root)
{
    /// <summary>Full path of the directory.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The manifest, run.json.</summary>
    public string Manifest => Path.Combine(Root, "run.json");

    /// <summary>The synapses found, as rows.</summary>
    public string Synapses => Path.Combine(Root, "synapses");

    /// <summary>Contrast-normalised image, precomputed u8.</summary>
    public string Image => Path.Combine(Root, "image");

    /// <summary>How every section lies over the one below.</summary>
    public string Alignment => Path.Combine(Root, "alignment.json");

    /// <summary>Affinities z, y, x, cleft and presynaptic maps, precomputed u8, five channels.</summary>
    public string Affinities => Path.Combine(Root, "affinities");

    /// <summary>Watershed fragments, precomputed u64.</summary>
    public string Fragments => Path.Combine(Root, "fragments");

    /// <summary>Segments, precomputed u64.</summary>
    public string Segmentation => Path.Combine(Root, "segmentation");

    /// <summary>The name of <see cref="Connectome"/> in the directory.</summary>
    public const string ConnectomeFolder = "connectome";

    /// <summary>The connectome as columns to be mapped.</summary>
    public string Connectome => Path.Combine(Root, ConnectomeFolder);

    /// <summary>Neurons, synapses and connections as Parquet.</summary>
    public string Tables => Path.Combine(Root, "tables");

    /// <summary>The graph as sparse layers, and the rates of its run.</summary>
    public string Network => Path.Combine(Root, "network");

    /// <summary>Pictures of every stage.</summary>
    public string Pictures => Path.Combine(Root, "pictures");

    /// <summary>The report page.</summary>
    public string Report => Path.Combine(Root, "report.html");

    /// <summary>What unfinished stages have written so far; emptied as they finish.</summary>
    public string Partial => Path.Combine(Root, ".partial");

    /// <summary>The full path of an artefact named relative to the run's directory.</summary>
    public string At(string relative) => Path.Combine(Root, relative);

    /// <summary>Creates the directory, proving that it can be written.</summary>
    /// <exception cref="UnauthorizedAccessException">It cannot be made or written; nothing was changed.</exception>
    public void Create()
    {
        try
        {
            Directory.CreateDirectory(Root);
            var probe = Path.Combine(Root, $".write-{Environment.ProcessId}.tmp");
            using (new FileStream(probe, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnauthorizedAccessException(
                $"The output directory '{Root}' cannot be written: {e.Message} Choose another --out; nothing was changed.", e);
        }
    }
}
