using System.Runtime.InteropServices;

namespace Connecto.BrainNetworks;

/// <summary>The processes that <c>mpirun</c> started, over OpenMPI's library, which is loaded when the first of these is made; nothing
/// else needs it.</summary>
/// <remarks>OpenMPI's handles are addresses of variables that its library exports (ompi_mpi_comm_world, ompi_mpi_byte, ompi_mpi_int), as its mpi.h
/// declares them; those of MPICH are numbers, and are not known here. One at a time and one thread of it; disposing ends MPI in this process for good.</remarks>
public sealed unsafe class MpiExchange : ISpikeExchange, IDisposable
{
    private static readonly string[] Names = ["libmpi.so.40", "libmpi.so", "libmpi.40.dylib", "libmpi.dylib"];

    private readonly nint _world, _byte, _int;
    private readonly delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, nint, int> _allGather;
    private readonly delegate* unmanaged[Cdecl]<void*, int, nint, void*, int*, int*, nint, nint, int> _allGatherV;
    private readonly delegate* unmanaged[Cdecl]<int> _finalize;

    /// <summary>Joins the other processes.</summary>
    /// <exception cref="InvalidDataException">The library is not installed, or is not OpenMPI's; the message says what to do.</exception>
    /// <exception cref="IOException">MPI could not begin.</exception>
    public MpiExchange()
    {
        var library = Load();
        nint Symbol(string name) => NativeLibrary.TryGetExport(library, name, out var address) ? address : throw new InvalidDataException(
            $"The MPI library has no {name}: it is not OpenMPI's (Debian: openmpi-bin); nothing was run.");
        (_world, _byte, _int) = (Symbol("ompi_mpi_comm_world"), Symbol("ompi_mpi_byte"), Symbol("ompi_mpi_int"));
        _allGather = (delegate* unmanaged[Cdecl]<void*, int, nint, void*, int, nint, nint, int>)Symbol("MPI_Allgather");
        _allGatherV = (delegate* unmanaged[Cdecl]<void*, int, nint, void*, int*, int*, nint, nint, int>)Symbol("MPI_Allgatherv");
        _finalize = (delegate* unmanaged[Cdecl]<int>)Symbol("MPI_Finalize");
        var rankOf = (delegate* unmanaged[Cdecl]<nint, int*, int>)Symbol("MPI_Comm_rank");
        var sizeOf = (delegate* unmanaged[Cdecl]<nint, int*, int>)Symbol("MPI_Comm_size");
        Check(((delegate* unmanaged[Cdecl]<int*, void*, int>)Symbol("MPI_Init"))(null, null), "begin");
        int rank, size;
        Check(rankOf(_world, &rank), "tell this process's rank");
        Check(sizeOf(_world, &size), "count the processes");
        (Rank, Size) = (rank, size);
    }

    /// <summary>True where OpenMPI's library can be loaded.</summary>
    public static bool IsInstalled => Names.Any(name => NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _));

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    /// <exception cref="IOException">The exchange failed: another process is gone.</exception>
    public (byte[] All, int[] Starts) Gather(ReadOnlySpan<byte> own)
    {
        int[] counts = new int[Size], starts = new int[Size + 1];
        var mine = own.Length;
        fixed (int* each = counts) Check(_allGather(&mine, 1, _int, each, 1, _int, _world), "exchange lengths");
        for (var rank = 0; rank < Size; rank++) starts[rank + 1] = checked(starts[rank] + counts[rank]);
        var all = new byte[starts[^1]];
        // No spike anywhere: the lengths have told it, and most windows of a quiet network end here.
        if (all.Length == 0) return (all, starts);
        fixed (byte* from = own, to = all)
        fixed (int* each = counts, places = starts)
            Check(_allGatherV(from, mine, _byte, to, each, places, _byte, _world), "exchange spikes");
        return (all, starts);
    }

    /// <summary>Ends MPI in this process; waits for the others.</summary>
    public void Dispose() => _ = _finalize();

    private static nint Load()
    {
        foreach (var name in Names)
            if (NativeLibrary.TryLoad(name, out var library))
                return library;
        throw new InvalidDataException("OpenMPI's library is not installed (Debian: apt-get install openmpi-bin); nothing was run.");
    }

    private static void Check(int code, string what)
    {
        if (code != 0) throw new IOException($"MPI could not {what} (code {code}).");
    }
}
