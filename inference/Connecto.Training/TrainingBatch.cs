namespace Connecto.Training;

/// <summary>Samples of one size with what the network should say about them. The arrays are the caller's.</summary>
/// <remarks>Target and Weight have the resolution of the network's output: H and W divided by its
/// OutputScale.</remarks>
public sealed class TrainingBatch
{
    /// <summary>Number of samples, N.</summary>
    public required int Count { get; init; }

    /// <summary>Rows of a sample, H; a multiple of the network's SizeMultiple.</summary>
    public required int Height { get; init; }

    /// <summary>Columns of a sample, W; likewise.</summary>
    public required int Width { get; init; }

    /// <summary>[N][inputs][H][W].</summary>
    public required float[] Input { get; init; }

    /// <summary>[N][outputs][H][W]; for cross-entropy a probability in [0, 1].</summary>
    public required float[] Target { get; init; }

    /// <summary>[N][outputs][H][W]; 0 or more, 0 where the target is not known.</summary>
    public required float[] Weight { get; init; }
}
