using Connecto.Sparse.Streams;

namespace Connecto.Sparse.Tests.Streams;

public class StreamShapeTests
{
    [Theory]
    [InlineData(5.2, 3.0, 128, 14, 2)] // an Ice Lake server core
    [InlineData(3.6, 3.6, 128, 28, 1)] // Zen 4
    [InlineData(5.2, 3.0, 16, 28, 1)]
    [InlineData(5.2, 0, 128, 14, 2)]   // no code can be made, none is: any shape will do
    public void A_machine_whose_broadcast_operands_are_free_gets_one_vector(
        double multiplyAdds, double broadcasts, int columns, int rows, int vectors)
    {
        var machine = MachineProfile.Current with { MultiplyAddsPerNs = multiplyAdds, BroadcastMultiplyAddsPerNs = broadcasts };
        var shape = StreamShape.Choose(28 * 5, columns, 0.1, machine);
        Assert.Equal((rows, vectors), (shape.Rows, shape.Vectors));
    }
}
