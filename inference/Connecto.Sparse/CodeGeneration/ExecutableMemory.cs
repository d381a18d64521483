using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Connecto.Sparse.CodeGeneration;

/// <summary>Machine code in memory that may be run and not written.</summary>
/// <remarks>
/// The pages are mapped readable and writable, filled, and only then made readable and executable: they are never
/// writable and executable at once, so the code also loads where the system forbids that (SELinux execmem aside). A
/// system that refuses the change yields no memory, and callers fall back on compiled kernels. The pages are given back
/// when the handle is disposed or finalised; whoever runs the code keeps the handle alive meanwhile.
/// </remarks>
internal sealed unsafe partial class ExecutableMemory : SafeHandle
{
    private readonly nuint length;

    private ExecutableMemory(nint address, nuint length) : base(0, ownsHandle: true)
    {
        this.length = length;
        SetHandle(address);
    }

    /// <summary>Where the first byte of code lies; a multiple of the page size.</summary>
    public byte* Address => (byte*)handle;

    /// <summary>Bytes mapped: the code's, rounded up to whole pages.</summary>
    public long MappedBytes => (long)length;

    public override bool IsInvalid => handle == 0;

    /// <summary>Loads code.</summary>
    /// <param name="code">The bytes; at least one.</param>
    /// <param name="refusal">Why not, one sentence, where null is returned.</param>
    /// <returns>The memory, or null where the system does not allow code to be made.</returns>
    public static ExecutableMemory? TryLoad(ReadOnlySpan<byte> code, out string refusal)
    {
        ArgumentOutOfRangeException.ThrowIfZero(code.Length);
        var page = (nuint)Environment.SystemPageSize;
        var length = ((nuint)code.Length + page - 1) / page * page;
        var address = OperatingSystem.IsWindows() ? Windows.Map(length) : Posix.Map(length);
        if (address == 0) return Refused("memory for code could not be mapped", out refusal);

        code.CopyTo(new Span<byte>((void*)address, code.Length));
        new Span<byte>((void*)(address + code.Length), (int)(length - (nuint)code.Length)).Fill(0xCC); // int3
        var memory = new ExecutableMemory(address, length);
        var allowed = OperatingSystem.IsWindows() ? Windows.Seal(address, length) : Posix.Seal(address, length);
        if (!allowed)
        {
            var refused = Refused("the system does not let written memory be executed", out refusal);
            memory.Dispose();
            return refused;
        }
        refusal = "";
        return memory;
    }

    protected override bool ReleaseHandle() =>
        OperatingSystem.IsWindows() ? Windows.VirtualFree(handle, 0, Windows.Release) != 0 : Posix.munmap(handle, length) == 0;

    private static ExecutableMemory? Refused(string what, out string refusal)
    {
        refusal = $"{what} ({new Win32Exception(Marshal.GetLastPInvokeError()).Message})";
        return null;
    }

    private static partial class Posix
    {
        private const int Read = 1, Write = 2, Execute = 4, Private = 2;

        public static nint Map(nuint length)
        {
            var anonymous = OperatingSystem.IsLinux() ? 0x20 : 0x1000; // Linux, else BSD and macOS
            var address = mmap(0, length, Read | Write, Private | anonymous, -1, 0);
            return address == -1 ? 0 : address;
        }

        public static bool Seal(nint address, nuint length) => mprotect(address, length, Read | Execute) == 0;

        [LibraryImport("libc", SetLastError = true)]
        public static partial int munmap(nint address, nuint length);

        [LibraryImport("libc", SetLastError = true)]
        private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

        [LibraryImport("libc", SetLastError = true)]
        private static partial int mprotect(nint address, nuint length, int protection);
    }

    private static partial class Windows
    {
        public const uint Release = 0x8000;
        private const uint CommitAndReserve = 0x3000, ReadWrite = 4, ExecuteRead = 0x20;

        public static nint Map(nuint length) => VirtualAlloc(0, length, CommitAndReserve, ReadWrite);

        public static bool Seal(nint address, nuint length) => VirtualProtect(address, length, ExecuteRead, out _) != 0;

        [LibraryImport("kernel32", SetLastError = true)]
        public static partial int VirtualFree(nint address, nuint length, uint kind);

        [LibraryImport("kernel32", SetLastError = true)]
        private static partial nint VirtualAlloc(nint address, nuint length, uint kind, uint protection);

        [LibraryImport("kernel32", SetLastError = true)]
        private static partial int VirtualProtect(nint address, nuint length, uint protection, out uint before);
    }
}
