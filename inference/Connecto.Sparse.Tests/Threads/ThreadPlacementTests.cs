using Connecto.Sparse.Threads;

namespace Connecto.Sparse.Tests.Threads;

public class ThreadPlacementTests
{
    [Fact]
    public void A_thread_leaves_its_processor_where_it_may_use_another()
    {
        var moved = false;
        for (var attempt = 0; attempt < 100 && !moved; attempt++)
        {
            var before = ThreadPlacement.Processor;
            ThreadPlacement.Leave(before);
            moved = ThreadPlacement.Processor != before;
        }
        // ProcessorCount counts those that this process may use.
        Assert.Equal(OperatingSystem.IsLinux() && Environment.ProcessorCount > 1, moved);
    }

    [Fact]
    public void A_processor_that_is_none_is_left_alone()
    {
        ThreadPlacement.Leave(-1);
        ThreadPlacement.Leave(1 << 20);
        Assert.Equal(OperatingSystem.IsLinux(), ThreadPlacement.Processor >= 0);
    }
}
