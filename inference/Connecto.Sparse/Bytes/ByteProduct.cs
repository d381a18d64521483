using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Connecto.Sparse.Bytes;
using Connecto.Sparse.Streams;

namespace Connecto.Sparse;

/// <summary>A planned product of a sparse block matrix of bytes and dense columns of unsigned bytes.</summary>
/// <remarks>
/// S[r][n] = sum over k of w[r][k] * (x[k][n] - Input.ZeroPoint) in 32-bit integers, which must not overflow: that holds
/// for up to 65,000 inputs. Three results can be had of a plan:
/// <list type="bullet">
/// <item>sums: S;</item>
/// <item>floats: activation(float(S) * f[r] + bias[r]) with f[r] = Scales[r] * Input.Step;</item>
/// <item>bytes: min(max(round(t), floor), 255), ties to even, with t = float(S) * (f[r] / Output.Step) + c[r]
/// and, with a residual, t + float(residual byte) * (Residual.Step / Output.Step). c[r] = bias[r] / Output.Step +
/// Output.ZeroPoint - Residual.ZeroPoint * (Residual.Step / Output.Step); floor is Output.ZeroPoint with ReLU, else 0.</item>
/// </list>
/// Constants are computed in double and rounded to float once; after that every conversion, product and sum is
/// rounded to float by itself. So all kernels and any threads give the same bits. Not safe for two callers at once.
/// </remarks>
public sealed unsafe class ByteProduct : IDisposable
{
    private const int SharedPasses = 2;

    private readonly BlockMatrix matrix;
    private readonly ByteProductOptions options;
    private readonly WorkerPool pool;
    private readonly BlockCut cut;
    private readonly int[][] groups;
    private readonly int tiles;
    private readonly BlockKernel kernel;
    private readonly ByteFinish finish;
    private readonly AlignedFloats[] panels, sums;
    private readonly int[] shares;
    private readonly Action<int> passes, pack, multiply;
    private readonly bool shared;
    private byte* x;

    private ByteProduct(BlockMatrix matrix, ByteProductOptions options)
    {
        (this.matrix, this.options) = (matrix, options);
        var words = matrix.Words;
        var quads = options.Output is not null && options.OutputLayout == ByteLayout.Interleaved;
        cut = BlockCut.Choose(words.Density, words.Columns, options.Columns, quads ? 4 : 0);
        groups = quads ? RowGroups.Neighbours(matrix.Rows, 4) : RowGroups.Similar(words, cut.Shape.Rows);
        var rows = BlockRows.Cut(words, cut.TileBlocks, cut.BlockBytes);
        tiles = rows.Tiles;
        var all = (options.Columns + 15) / 16;
        kernel = BlockKernel.Create(
            rows, groups, cut.Shape, Start(), [cut.Shape.Vectors, all - (cut.Passes - 1) * cut.Shape.Vectors], options.Kernel);
        finish = new ByteFinish(matrix.Scales, options, matrix.Rows);
        pool = new WorkerPool(options.Threads);
        // With few passes the threads share the rows, and pack the input together.
        shared = pool.Threads > 1 && cut.Passes < SharedPasses * pool.Threads;
        shares = Share();
        var panel = (long)words.Columns * cut.Shape.Vectors * 16;
        var (copies, length) = shared ? (1, panel * cut.Passes) : (pool.Threads, panel);
        panels = [.. Enumerable.Range(0, copies).Select(_ => new AlignedFloats(length))];
        var kept = tiles > 1 ? groups.Length : 1L; // sums of all groups wait for the next tile
        sums = [.. Enumerable.Range(0, pool.Threads).Select(_ => new AlignedFloats(kept * cut.Shape.Sums))];
        (passes, pack, multiply) = (RunPasses, PackShare, MultiplyShare);
    }

    /// <summary>The kernel in use, never Auto; Stream is generated code.</summary>
    public ProductKernel Kernel => kernel.Kind;

    /// <summary>Plans a product.</summary>
    /// <param name="matrix">The weights.</param>
    /// <param name="options">The plan's terms.</param>
    /// <exception cref="ArgumentException">The bias has another length than the matrix has rows, or a number is out of
    /// range.</exception>
    /// <exception cref="PlatformNotSupportedException">Generated code was asked for by name where none can run.</exception>
    public static ByteProduct Create(BlockMatrix matrix, ByteProductOptions options)
    {
        Check(matrix.Rows, matrix.Columns, options);
        return new ByteProduct(matrix, options);
    }

    /// <summary>Plans a product with a matrix whose zeros lie anywhere: its entries are gathered into blocks of four columns,
    /// which for an input in rows are columns that the same rows use.</summary>
    /// <param name="matrix">The weights.</param>
    /// <param name="options">The plan's terms.</param>
    /// <exception cref="ArgumentException">The bias has another length than the matrix has rows, or a number is out of
    /// range.</exception>
    /// <exception cref="PlatformNotSupportedException">Generated code was asked for by name where none can run.</exception>
    public static ByteProduct Create(ByteMatrix matrix, ByteProductOptions options)
    {
        Check(matrix.Rows, matrix.Columns, options);
        var order = options.InputLayout == ByteLayout.Rows ? BlockOrder.Clustered : BlockOrder.AsGiven;
        return new ByteProduct(matrix.ToBlocks(order), options);
    }

    private static void Check(int rows, int inputs, ByteProductOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(inputs, 65_000, nameof(inputs));
        options.Input.Check(nameof(options));
        options.Output?.Check(nameof(options));
        options.Residual?.Check(nameof(options));
        if (options.OutputLayout == ByteLayout.Columns)
            throw new ArgumentException("Output bytes can lie in rows or interleaved, not in columns.", nameof(options));
        if (options.Residual is not null && options.Output is null)
            throw new ArgumentException(
                "A residual is added to output bytes only, and no scale of these is given.", nameof(options));
        if (options.Bias is { } bias && bias.Length != rows)
            throw new ArgumentException($"{rows} rows take as many biases; found {bias.Length}.", nameof(options));
    }

    /// <summary>The integer sums.</summary>
    /// <param name="x">X, matrix.Columns * Columns bytes as InputLayout says.</param>
    /// <param name="sums">S [matrix.Rows][Columns]; written in full.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(ReadOnlySpan<byte> x, Span<int> sums)
    {
        CheckLengths(x.Length, sums.Length, matrix.Rows);
        fixed (int* output = sums) Run(x, (byte*)output, ByteResult.Sums, null);
    }

    /// <summary>The product as floats.</summary>
    /// <param name="x">X, matrix.Columns * Columns bytes as InputLayout says.</param>
    /// <param name="y">Y [matrix.Rows][Columns]; written in full.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(ReadOnlySpan<byte> x, Span<float> y)
    {
        CheckLengths(x.Length, y.Length, matrix.Rows);
        fixed (float* output = y) Run(x, (byte*)output, ByteResult.Floats, null);
    }

    /// <summary>The product as bytes.</summary>
    /// <param name="x">X, matrix.Columns * Columns bytes as InputLayout says.</param>
    /// <param name="y">Y, as OutputLayout says: matrix.Rows * Columns bytes, where interleaved the rows rounded up to a
    /// multiple of 4; written in full, rows beyond the matrix's with any bytes.</param>
    /// <param name="residual">Bytes in the same layout as Y; none exactly where the plan has no scale of a residual.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <exception cref="InvalidOperationException">The plan has no scale of output bytes.</exception>
    /// <remarks>Allocates nothing.</remarks>
    public void Run(ReadOnlySpan<byte> x, Span<byte> y, ReadOnlySpan<byte> residual = default)
    {
        if (options.Output is null) throw new InvalidOperationException("The plan has no scale of output bytes.");
        var rows = options.OutputLayout == ByteLayout.Interleaved ? (matrix.Rows + 3) / 4 * 4 : matrix.Rows;
        CheckLengths(x.Length, y.Length, rows);
        if (residual.Length != (options.Residual is null ? 0 : y.Length))
            throw new ArgumentException(
                $"The residual has {residual.Length} bytes; expected {(options.Residual is null ? 0 : y.Length)}.", nameof(residual));
        fixed (byte* output = y, added = residual) Run(x, output, ByteResult.Bytes, added);
    }

    /// <summary>One line: the kernel and why.</summary>
    public string Describe() => $"{kernel.Description}; {matrix.Blocks} blocks, {cut.Passes} passes";

    /// <summary>Ends the threads and gives the code's memory back.</summary>
    public void Dispose()
    {
        pool.Dispose();
        kernel.Dispose();
    }

    private void CheckLengths(long input, long output, long rows)
    {
        var inputs = options.InputLayout == ByteLayout.Interleaved ? (matrix.Columns + 3) / 4 * 4 : matrix.Columns;
        if (input != (long)inputs * options.Columns || output != rows * options.Columns)
            throw new ArgumentException(
                $"A product of {matrix.Rows} x {matrix.Columns} with {options.Columns} columns found {input} values in and " +
                $"{output} out.");
    }

    private void Run(ReadOnlySpan<byte> x, byte* output, ByteResult result, byte* residual)
    {
        if (matrix.Rows == 0) return;
        fixed (byte* input = x)
        {
            this.x = input;
            finish.Begin(output, result, residual);
            if (shared)
            {
                pool.Run(pack);
                pool.Run(multiply);
            }
            else pool.Run(passes);
        }
        GC.KeepAlive(this);
    }

    private int[] Start()
    {
        var start = new int[matrix.Rows];
        for (var r = 0; r < matrix.Rows; r++)
            foreach (var w in matrix.Values[(matrix.Words.RowStarts[r] * 4)..(matrix.Words.RowStarts[r + 1] * 4)])
                start[r] -= w * options.Input.ZeroPoint;
        return start;
    }

    /// <summary>Groups by thread, so that each has about as many blocks; a group counts as 8 more.</summary>
    private int[] Share()
    {
        var costs = groups.Select(g => 8L + g.Sum(r => matrix.Words.RowStarts[r + 1] - matrix.Words.RowStarts[r])).ToArray();
        var (all, found) = (costs.Sum(), new int[pool.Threads + 1]);
        long done = 0;
        for (var (group, thread) = (0, 1); group < groups.Length; done += costs[group++])
            while (thread < pool.Threads && done + costs[group] / 2 >= all * thread / pool.Threads) found[thread++] = group;
        for (var thread = pool.Threads; thread > 0 && found[thread] == 0; thread--) found[thread] = groups.Length;
        return found;
    }

    private void RunPasses(int thread)
    {
        var (first, end) = WorkerPool.Share(cut.Passes, 1, thread, pool.Threads);
        for (var pass = first; pass < end; pass++)
        {
            Pack(pass, 0, matrix.Words.Columns, (byte*)panels[thread].Data);
            Multiply(pass, (byte*)panels[thread].Data, 0, groups.Length, (int*)sums[thread].Data);
        }
    }

    private void PackShare(int thread)
    {
        var (first, end) = WorkerPool.Share(matrix.Words.Columns, 1, thread, pool.Threads);
        for (var pass = 0; pass < cut.Passes; pass++) Pack(pass, first, end, Panel(pass));
    }

    private void MultiplyShare(int thread)
    {
        for (var pass = 0; pass < cut.Passes; pass++)
            Multiply(pass, Panel(pass), shares[thread], shares[thread + 1], (int*)sums[thread].Data);
    }

    private byte* Panel(int pass) => (byte*)panels[0].Data + (long)pass * matrix.Words.Columns * cut.BlockBytes;

    private int Used(int pass) => Math.Min(cut.Shape.Vectors * 16, options.Columns - pass * cut.Shape.Vectors * 16);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(int pass, int begin, int end, byte* to)
    {
        var (at, used, columns) = ((long)pass * cut.Shape.Vectors * 16, Used(pass), (long)options.Columns);
        to += (long)begin * cut.BlockBytes;
        if (options.InputLayout == ByteLayout.Columns)
        {
            var words = Math.Min(end, matrix.Columns / 4) - begin;
            ByteInterleave.Columns(
                x + at * matrix.Columns + begin * 4, matrix.Columns, words, used, (uint*)to, cut.BlockBytes / 4);
            if (words == end - begin) return;
            to += (long)words * cut.BlockBytes; // the last block is not full
            for (var n = 0; n < used; n++)
                for (var k = matrix.Columns & ~3; k < matrix.Columns; k++)
                    to[n * 4 + k % 4] = x[(at + n) * matrix.Columns + k];
            return;
        }
        for (var k = begin; k < end; k++, to += cut.BlockBytes)
            if (options.InputLayout == ByteLayout.Rows)
                ByteInterleave.Rows(
                    Row(4 * k, at), Row(4 * k + 1, at), Row(4 * k + 2, at), Row(4 * k + 3, at), used, (uint*)to);
            else NativeMemory.Copy(x + (k * columns + at) * 4, to, (nuint)used * 4);
    }

    /// <summary>The input of a place; where there is none any bytes do, as their weights are 0.</summary>
    private byte* Row(int place, long at)
    {
        var row = matrix.Inputs is { } inputs ? inputs[place] : place;
        return x + (row < 0 || row >= matrix.Columns ? 0 : row) * (long)options.Columns + at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(int pass, byte* panel, int begin, int end, int* sums)
    {
        var (at, used) = (pass * cut.Shape.Vectors * 16, Used(pass));
        var (vectors, stride) = ((used + 15) / 16, cut.Shape.Vectors * 16);
        // Whole vectors of sums need no detour.
        var direct = finish.Direct(at, used);
        var rows = stackalloc int*[4];
        for (var tile = 0; tile < tiles; tile++, panel += (long)cut.TileBlocks * cut.BlockBytes)
            for (var group = begin; group < end; group++)
            {
                var (members, own) = (groups[group], (long)(tiles > 1 ? group - begin : 0) * cut.Shape.Sums);
                for (var r = 0; r < members.Length; r++)
                    rows[r] = direct is not null ? direct + (long)members[r] * options.Columns : sums + own + r * stride;
                kernel.Sum(tile, group, panel, rows, vectors);
                if (tile == tiles - 1 && direct is null) finish.Group(members, sums + own, stride, at, used);
            }
    }
}
