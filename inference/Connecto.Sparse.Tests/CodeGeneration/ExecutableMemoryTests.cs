using System.Globalization;
using System.Runtime.InteropServices;
using Connecto.Sparse.CodeGeneration;

namespace Connecto.Sparse.Tests.CodeGeneration;

public unsafe class ExecutableMemoryTests
{
    [Fact]
    public void Code_can_be_run_and_its_memory_is_not_writable()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64) return;
        byte[] code = [0xB8, 42, 0, 0, 0, 0xC3]; // mov eax, 42; ret
        using var memory = ExecutableMemory.TryLoad(code, out var refusal);
        Assert.Empty(refusal);
        Assert.NotNull(memory);
        Assert.Equal(42, ((delegate* unmanaged<int>)memory.Address)());
        Assert.True(memory.MappedBytes >= code.Length && memory.MappedBytes % Environment.SystemPageSize == 0);
        if (OperatingSystem.IsLinux()) Assert.Equal("r-xp", Protection((nint)memory.Address));
    }

    [Fact]
    public void No_page_of_a_stream_is_writable_and_executable_and_all_are_given_back()
    {
        if (!OperatingSystem.IsLinux()) return;
        var matrix = Streams.SampleMatrices.Real(100, 300, 0.3, 1);
        using (SparseProduct.Create(matrix, new() { Columns = 200 }))
            Assert.DoesNotContain(File.ReadAllLines("/proc/self/maps"), l => OfOurs(l) && l.Contains("rwx", StringComparison.Ordinal));

        var memory = ExecutableMemory.TryLoad(new byte[64 << 10], out _)!;
        var address = (nint)memory.Address;
        Assert.Equal("r-xp", Protection(address));
        memory.Dispose();
        Assert.NotEqual("r-xp", Protection(address));
        memory.Dispose();
    }

    [Fact]
    public void No_code_is_no_code() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ExecutableMemory.TryLoad([], out _));

    // The runtime's own code lives in shared mappings of its double mapper, or in files; ours is private and anonymous.
    private static bool OfOurs(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5;

    private static string? Protection(nint address)
    {
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var parts = line.Split(' ');
            var range = parts[0].Split('-');
            var (begin, end) = (long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            if (begin <= address && address < end) return parts[1];
        }
        return null;
    }
}
