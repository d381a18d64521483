using System.Diagnostics;
using Xunit.Abstractions;

namespace Connecto.Sparse.Tests.Planning;

public class MachineProfileTests(ITestOutputHelper output)
{
    [Fact]
    public void The_machine_is_measured_to_rates_that_can_be()
    {
        var begin = Stopwatch.GetTimestamp();
        var machine = MachineProfile.Current;
        output.WriteLine($"{Stopwatch.GetElapsedTime(begin).TotalMilliseconds:F1} ms: {machine}");
        Assert.Same(machine, MachineProfile.Current);
        Assert.InRange(machine.L1Bytes, 8 << 10, 1 << 20);
        Assert.InRange(machine.L2Bytes, machine.L1Bytes, 256 << 20);
        Assert.InRange(machine.L3Bytes, machine.L2Bytes, 4L << 30);
        Assert.InRange(machine.MultiplyAddsPerNs, 0.01, 40);
        Assert.InRange(machine.LoadsPerNs, 0.01, 40);
        Assert.InRange(machine.L3BytesPerNs, 0.1, 4 * machine.LoadsPerNs * machine.Lanes * 4);
        Assert.InRange(machine.MemoryBytesPerNs, 0.1, 1000);
        Assert.NotEmpty(machine.InstructionSets);
    }
}
