using Connecto.Graph;
using Connecto.Phantom.Imaging;
using Connecto.Phantom.Tissue;
using Connecto.Volumes;

namespace Connecto.Phantom;

/// <summary>
/// Synthetic neural tissue as an electron microscope shows it, with exact truth. Branching neurites of three calibres
/// fill space; each voxel belongs to the neurite with the least weighted distance under a smooth warp; membranes,
/// mitochondria, vesicles, synapses and section faults are drawn from the same geometry as the truth.
/// </summary>
/// <remarks>
/// The constructor grows the centre lines: about 0.1 MB a cubic micrometre, and a second of start-up, so a volume of
/// any size fits as long as that does. Sections are rendered on their own, in any order, from any number of threads, always to the same bits.
/// A neurite keeps one id over its whole tree; where the volume's border cuts it into pieces the pieces share the id, so
/// scores should relabel the truth by its 26-connected components.
/// </remarks>
public sealed class PhantomVolume
{
    /// <summary>Clefts reach this far from their centre at most, nm.</summary>
    private const float MostCleft = 160;

    private readonly TissueModel _tissue;
    private readonly SectionPainter _painter;
    private readonly Lazy<SynapseTruth> _truth;

    /// <summary>Grows the tissue.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public PhantomVolume(PhantomOptions options)
    {
        options.Check();
        Options = options;
        var extent = new Point3((float)(options.Shape.Z * options.VoxelSize.Z), (float)(options.Shape.Y * options.VoxelSize.Y),
            (float)(options.Shape.X * options.VoxelSize.X));
        var volume = new Bounds(default, extent);
        _tissue = new TissueModel(options, volume.Grow(SectionPose.MostShift(options) + MostCleft), volume);
        _painter = new SectionPainter(options, _tissue);
        _truth = new Lazy<SynapseTruth>(() => SynapseTruth.Measure(options, _tissue, _painter));
    }

    /// <summary>What was asked for.</summary>
    public PhantomOptions Options { get; }

    /// <summary>Ids of neurites are 1 to this; some lie just outside the volume.</summary>
    public int NeuriteCount => _tissue.Neurites;

    /// <summary>Ids of mitochondria are 1 to this; some lie just outside the volume.</summary>
    public int MitochondrionCount => _tissue.Mitochondria;

    /// <summary>Ids of clefts are 1 to this.</summary>
    public int CleftCount => _tissue.Sites.Length;

    /// <summary>The true contacts, one row a partner, in the order of clefts; ids from 1 without gaps, score 1.</summary>
    /// <remarks>Measured on the first use by rendering the truth around every cleft, in parallel: about 30 ms of one core a
    /// cleft at 40,4,4 nm. A contact without a voxel inside the volume has no row.</remarks>
    public IReadOnlyList<Synapse> Synapses => _truth.Value.Rows;

    /// <summary>The cleft (id in <see cref="PhantomSlice.Clefts"/>) of each row of <see cref="Synapses"/>.</summary>
    public IReadOnlyList<uint> SynapseClefts => _truth.Value.Clefts;

    /// <summary>Pairs with contacts, by pre, then post.</summary>
    public IReadOnlyList<Connection> Connections => _truth.Value.Connections;

    /// <summary>Renders one section: the image and its truth.</summary>
    /// <param name="z">The section, 0 to Shape.Z - 1.</param>
    /// <param name="into">Written in full; height Shape.Y, width Shape.X.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such section.</exception>
    /// <exception cref="ArgumentException">The slice has another size.</exception>
    public void RenderSlice(int z, PhantomSlice into)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(z);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(z, Options.Shape.Z);
        if (into.Height != Options.Shape.Y || into.Width != Options.Shape.X)
            throw new ArgumentException($"The slice is {into.Height} x {into.Width}; the volume {Options.Shape.Y} x {Options.Shape.X}.", nameof(into));
        var pose = new SectionPose(Options, z);
        _painter.Paint(pose, 0, into.Height, 0, into.Width, into.Scratch, new SliceSink(into));
        SectionFinish.Apply(Options, pose, into);
    }

    /// <summary>Renders the whole volume into memory: the image, and the neurites as labels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The volume is too large for memory in one piece.</exception>
    public (Volume<byte> Image, Volume<ulong> Neurons) RenderAll(CancellationToken cancel = default)
    {
        var image = new Volume<byte>(Options.Shape);
        var neurons = new Volume<ulong>(Options.Shape);
        Parallel.For(0, Options.Shape.Z, new ParallelOptions { CancellationToken = cancel },
            () => new PhantomSlice(Options.Shape.Y, Options.Shape.X), (z, _, slice) =>
            {
                RenderSlice(z, slice);
                slice.Raw.CopyTo(image.Slice(z));
                var ids = neurons.Slice(z);
                for (var i = 0; i < ids.Length; i++) ids[i] = slice.Neurons[i];
                return slice;
            }, _ => { });
        return (image, neurons);
    }

    private readonly struct SliceSink(PhantomSlice slice) : IPixelSink
    {
        public void Take(int y, int x, in Voxel voxel)
        {
            var i = y * slice.Width + x;
            slice.Clean[i] = voxel.Grey;
            slice.Neurons[i] = (uint)voxel.Neurite;
            slice.Clefts[i] = (uint)voxel.Cleft;
            slice.Mitochondria[i] = (uint)voxel.Mito;
            slice.Presynaptic[i] = (uint)voxel.Presynaptic;
        }
    }
}
