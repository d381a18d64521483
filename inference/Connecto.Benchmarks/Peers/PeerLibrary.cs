using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Connecto.Benchmarks;

/// <summary>A peer's kernels, loaded into this process: one clock times them and ours, and both read the same
/// memory.</summary>
internal sealed unsafe class PeerLibrary
{
    private const int MessageBytes = 512;

    private readonly delegate* unmanaged<int, PeerProblem*, byte*, int, nint> create;
    private readonly delegate* unmanaged<nint, int> readsColumns;
    private readonly delegate* unmanaged<nint, nint, nint, nint, byte*, int, int> run;
    private readonly delegate* unmanaged<nint, void> free;

    /// <summary>Loads a library that <see cref="PeerBuild"/> built.</summary>
    /// <exception cref="DllNotFoundException">A library that it needs is gone.</exception>
    public PeerLibrary(string path)
    {
        var library = NativeLibrary.Load(path);
        create = (delegate* unmanaged<int, PeerProblem*, byte*, int, nint>)NativeLibrary.GetExport(library, "peer_create");
        readsColumns = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "peer_reads_columns");
        run = (delegate* unmanaged<nint, nint, nint, nint, byte*, int, int>)NativeLibrary.GetExport(library, "peer_run");
        free = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "peer_free");
        var name = (delegate* unmanaged<int, byte*>)NativeLibrary.GetExport(library, "peer_name");
        var group = (delegate* unmanaged<int, byte*>)NativeLibrary.GetExport(library, "peer_group");
        Name = Text(((delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "peer_library"))());
        List<KernelEntry> entries = [];
        for (var i = 0; name(i) != null; i++)
        {
            var (number, alike) = (i, Enum.Parse<PeerGroup>(Text(group(i)), ignoreCase: true));
            var family = alike == PeerGroup.Sparse ? KernelFamily.Sparse : KernelFamily.Dense;
            entries.Add(new KernelEntry(Text(name(i)), alike, family, load => Prepare(number, family, load)));
        }
        Kernels = entries;
    }

    /// <summary>Name and version.</summary>
    public string Name { get; }

    /// <summary>Its kernels.</summary>
    public IReadOnlyList<KernelEntry> Kernels { get; }

    private PreparedKernel? Prepare(int number, KernelFamily family, KernelWorkload load)
    {
        var shape = load.Shape;
        var message = stackalloc byte[MessageBytes];
        var problem = new PeerProblem
        {
            Kind = shape.IsConvolution ? 1 : 0,
            Precision = load.Precision == KernelPrecision.Fp32 ? 0 : 1,
            Threads = load.Threads,
            M = shape.M,
            K = shape.K,
            N = shape.N,
            Channels = shape.Channels,
            Kernel = shape.Window,
            Height = shape.IsConvolution ? shape.Edge : 1,
            Width = shape.IsConvolution ? shape.Edge : shape.N,
            Weights = load.Precision == KernelPrecision.Fp32 ? load.Weights.Address : load.WeightBytes.Address,
            RowStarts = Address(load.Matrix.RowStarts),
            Columns = Address(load.Matrix.ColumnIndices),
            Values = Address(load.Matrix.Values),
        };
        var kernel = create(number, &problem, message, MessageBytes);
        if (kernel != 0) return new PeerKernel(this, load, family, kernel);
        if (*message != 0)
            throw new InvalidOperationException($"{Name} could not prepare {shape.Name}: {Text(message)}.");
        return null;
    }

    // RandomWeights draws into arrays that do not move.
    private static nint Address<T>(ReadOnlySpan<T> values) where T : unmanaged =>
        (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(values));

    private static string Text(byte* text) =>
        Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));

    private sealed class PeerKernel(PeerLibrary library, KernelWorkload load, KernelFamily family, nint kernel)
        : PreparedKernel
    {
        private readonly ResultOrder order = library.readsColumns(kernel) != 0 ? ResultOrder.Columns : ResultOrder.Rows;

        private bool IsFloat => load.Precision == KernelPrecision.Fp32;

        public override ResultOrder Order => order;

        public override double WeightBytes => family == KernelFamily.Dense
            ? (double)load.Shape.M * load.Shape.K * load.Precision.Bytes()
            : 8.0 * load.Matrix.NonZeros + 4.0 * load.Shape.M;

        // Winograd's transforms lose two digits by design.
        public override double Tolerance => 1e-4;

        public override void Run()
        {
            var rows = IsFloat ? load.Rows.Address : load.RowBytes.Address;
            var columns = IsFloat ? load.Columns.Address : load.ColumnBytes.Address;
            var message = stackalloc byte[MessageBytes];
            if (library.run(kernel, rows, columns, load.Result.Address, message, MessageBytes) != 0)
                throw new InvalidOperationException($"{library.Name} failed on {load.Shape.Name}: {Text(message)}.");
        }

        public override void Dispose() => library.free(kernel);
    }
}
