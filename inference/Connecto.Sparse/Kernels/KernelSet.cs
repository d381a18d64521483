namespace Connecto.Sparse.Kernels;

/// <summary>Up to eight output planes that read the same input planes: one register tile's worth of a
/// convolution.</summary>
internal unsafe struct PlaneGroup
{
    /// <summary>Where each step reads, floats from the arena's base to the plane's first pixel, shifted by the
    /// tap.</summary>
    public int* Sources;

    /// <summary>Weights [Steps][Rows rounded up to <see cref="KernelSet.SmallRows"/> or
    /// <see cref="KernelSet.LargeRows"/>].</summary>
    public float* Weights;

    /// <summary>Starting values [<see cref="KernelSet.LargeRows"/>]; not read when accumulating.</summary>
    public float* Bias;

    /// <summary>Where each output plane begins [<see cref="KernelSet.LargeRows"/>]; places past Rows repeat a valid
    /// one.</summary>
    public int* Targets;

    /// <summary>Number of taps times input planes.</summary>
    public int Steps;

    /// <summary>Number of output planes, 1 to <see cref="KernelSet.LargeRows"/>.</summary>
    public int Rows;
}

/// <summary>How a tile ends and begins.</summary>
internal enum TileMode
{
    /// <summary>Start at the bias, store the sum.</summary>
    Plain,

    /// <summary>Start at the bias, store max(sum, 0).</summary>
    Relu,

    /// <summary>Start at what the target holds.</summary>
    Accumulate,
}

/// <summary>One variant of all kernels; every variant is the same code over another vocabulary.</summary>
internal abstract unsafe class KernelSet
{
    /// <summary>Output planes of a small and of a large register tile.</summary>
    public const int SmallRows = 4;

    /// <inheritdoc cref="SmallRows"/>
    public const int LargeRows = 8;

    /// <summary>No tile is longer than this, so planes keep that much room behind their last pixel.</summary>
    public const int LongestTile = 48;

    /// <summary>Sources that one call of <see cref="Correlate"/> takes.</summary>
    public const int CorrelateSources = 6;

    /// <summary>The name for CONNECTO_KERNEL.</summary>
    public abstract string Name { get; }

    /// <summary>Floats of one vector.</summary>
    public abstract int Width { get; }

    /// <summary>Floats that one tile covers.</summary>
    public abstract int Tile { get; }

    /// <summary>Computes one tile of a group: Targets[r][at...] = start + sum over s of Weights[s][r] *
    /// Sources[s][at...].</summary>
    public abstract void Convolve(float* arena, in PlaneGroup group, int at, TileMode mode);

    /// <summary>Multiplies rows of a sparse matrix with one panel of dense
    /// columns.</summary>
    public abstract void MultiplyRows(in SparseRows rows);

    /// <summary>sums[r * 6 + s] += sum over i below count of rows[r][i] * sources[s][i], for 4 rows and 6
    /// sources.</summary>
    public abstract void Correlate(float* arena, int* rows, int* sources, int count, float* sums);

    /// <summary>The sum of count values.</summary>
    public abstract float Sum(float* values, int count);

    /// <summary>to[i] += from[i].</summary>
    public abstract void Add(float* to, float* from, int count);

    /// <summary>to[i] = max(from[i], 0).</summary>
    public abstract void Relu(float* to, float* from, int count);

    /// <summary>to[i] = gate[i] > 0 ? from[i] : 0.</summary>
    public abstract void Gate(float* to, float* from, float* gate, int count);

    /// <summary>to[i] = the maximum of the cell top[2 i], top[2 i + 1], bottom[2 i], bottom[2 i + 1].</summary>
    public abstract void PoolPairs(float* to, float* top, float* bottom, int count);

    /// <summary>to[2 i] = to[2 i + 1] = from[i].</summary>
    public abstract void RepeatPairs(float* to, float* from, int count);

    /// <summary>to[i] += the sum of the cell top[2 i], top[2 i + 1], bottom[2 i], bottom[2 i + 1].</summary>
    public abstract void AddPairs(float* to, float* top, float* bottom, int count);
}
