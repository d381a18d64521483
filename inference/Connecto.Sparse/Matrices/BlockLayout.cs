namespace Connecto.Sparse;

/// <summary>Which four neighbouring places a block holds.</summary>
public enum BlockLayout
{
    /// <summary>1 x 4: one row, four columns, the first a multiple of 4. One output, four inputs side by side.</summary>
    FourColumns,

    /// <summary>4 x 1: four rows, the first a multiple of 4, one column. Four outputs that share an input.</summary>
    FourRows,
}
