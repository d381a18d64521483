namespace Connecto.Sparse.Streams;

/// <summary>How a stream cuts its product into register tiles.</summary>
/// <param name="Rows">Output rows of a group; times Vectors at most 28, the sums kept in registers.</param>
/// <param name="Vectors">Vectors of 16 columns that one pass computes, 1 or 2.</param>
/// <param name="Spread">Of eight groups of four weights, how many are loaded as one quarter and spread in registers;
/// the others are broadcast from memory one by one.</param>
/// <remarks>
/// The sums have one fixed order, so no choice here changes a bit. Measured on an Ice Lake server core, which does two
/// multiply-adds a cycle but only 1.1 loads of a whole register, so that embedded broadcasts stop at 55 % of the peak:
/// at 90 % zeros 28 rows x 1 vector reach 40 % of the peak out of L1, 14 x 2 with broadcasts 48 %, 14 x 2 with half the
/// weights spread 60 %.
/// </remarks>
internal readonly record struct StreamShape(int Rows, int Vectors, int Spread)
{
    /// <summary>Sums kept in registers; four registers are left for inputs and weights.</summary>
    public const int Sums = 28;

    /// <summary>At this share of the rate of multiply-adds in registers, broadcast operands count as free.</summary>
    private const double FreeShare = 0.85;

    /// <summary>Columns of one pass.</summary>
    public int Columns => Vectors * 16;

    /// <summary>The shape for a product on this machine.</summary>
    public static StreamShape Choose(int rows, int columns, double density) => Choose(rows, columns, density, MachineProfile.Current);

    /// <summary>The shape for a product on a machine.</summary>
    public static StreamShape Choose(int rows, int columns, double density, MachineProfile machine)
    {
        // Where a broadcast operand costs a multiply-add nothing (Zen 4: one of each a cycle), one vector is best: a non-zero
        // then is one instruction, and 28 rows share an input's load.
        var free = machine.BroadcastMultiplyAddsPerNs >= FreeShare * machine.MultiplyAddsPerNs;
        var vectors = columns <= 16 || free ? 1 : 2;
        var groups = Math.Max(1, (rows + Sums / vectors - 1) / (Sums / vectors));
        // With many weights an input, loads of inputs no longer press, and the spreading only costs code.
        return new StreamShape(Math.Max(1, (rows + groups - 1) / groups), vectors, vectors == 1 || density > 0.3 ? 0 : 4);
    }
}
