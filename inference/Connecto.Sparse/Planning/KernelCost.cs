namespace Connecto.Sparse.Planning;

/// <summary>The parts of a kernel's time on one core, nanoseconds, while a formula adds them up.</summary>
/// <remarks>
/// A core does multiply-adds, loads and the fetch of code side by side, so of the parts of one phase the longest counts,
/// and of the others a share that does not hide: they compete for the same slots. Phases follow each other, so they are
/// summed. The share was fitted on an Ice Lake server core, as are the numbers in the formulas.
/// </remarks>
internal sealed class KernelCost
{
    private const double Unhidden = 0.2, RendezvousNs = 1500;

    private readonly Dictionary<string, double> terms = [];
    private double total, longest, sum;

    /// <summary>How the work is cut, for people.</summary>
    public string Blocking { get; init; } = "";

    /// <summary>Generated code, bytes.</summary>
    public double CodeBytes { get; init; }

    /// <summary>Bytes of code that a core generates, a nanosecond.</summary>
    public const double GeneratedBytesPerNs = 0.13;

    /// <summary>Meetings of all threads in a run.</summary>
    public int Rendezvous { get; init; } = 1;

    /// <summary>Adds a part to the current phase.</summary>
    public KernelCost With(string name, double ns)
    {
        terms[name] = terms.GetValueOrDefault(name) + ns;
        (longest, sum) = (Math.Max(longest, ns), sum + ns);
        return this;
    }

    /// <summary>Ends a phase.</summary>
    public KernelCost Then()
    {
        total += longest + Unhidden * (sum - longest);
        (longest, sum) = (0, 0);
        return this;
    }

    /// <summary>The estimate for some threads, all parts shared evenly.</summary>
    public KernelEstimate Estimate(KernelVariant kernel, int threads)
    {
        Then();
        return new KernelEstimate(kernel, null)
        {
            Microseconds = (total / threads + (threads > 1 ? Rendezvous * RendezvousNs : 100)) / 1e3,
            Terms = [.. terms.Where(t => t.Value > 0).OrderByDescending(t => t.Value).Select(t => new CostTerm(t.Key, t.Value / threads / 1e3))],
            Blocking = Blocking,
            CodeBytes = CodeBytes,
            GenerationMilliseconds = CodeBytes / GeneratedBytesPerNs / 1e6,
        };
    }
}
