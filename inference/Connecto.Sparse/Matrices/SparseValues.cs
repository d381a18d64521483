namespace Connecto.Sparse.Matrices;

/// <summary>What becomes of values when their entries change place.</summary>
internal static class SparseValues
{
    /// <summary>A new array that holds values[i] at places[i].</summary>
    public static float[] Move(float[] values, int[] places)
    {
        var moved = new float[values.Length];
        for (var i = 0; i < places.Length; i++) moved[places[i]] = values[i];
        return moved;
    }
}
