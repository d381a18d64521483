using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Connecto.Sparse.ByteNetworks;

/// <summary>A part of a network of bytes that can be done line by line.</summary>
/// <remarks>Immutable, so that several threads may run it, each with its own memory.</remarks>
internal abstract class ByteStep
{
    /// <summary>Computes some lines of the result; the lines of the inputs that they need are there.</summary>
    /// <param name="memory">The run's memory.</param>
    /// <param name="begin">The first line.</param>
    /// <param name="end">One past the last.</param>
    public abstract void Run(ByteMemory memory, int begin, int end);
}

/// <summary>The caller's pixels become planes.</summary>
internal sealed unsafe class ByteInputStep(int to) : ByteStep
{
    public override void Run(ByteMemory memory, int begin, int end) =>
        memory.Planes[to].LoadLines(memory.Input, begin, end);
}

/// <summary>A convolution and what follows it.</summary>
internal sealed unsafe class ByteConvolutionStep(ByteConvolution convolution, int from, int to) : ByteStep
{
    public override void Run(ByteMemory memory, int begin, int end)
    {
        convolution.Lines(memory.Planes[from].Data, memory.Planes[to].Data, memory.Scratch, begin, end);
        memory.Planes[to].FinishLines(begin, end);
    }
}

/// <summary>The maximum of cells of 2 x 2: both pixels of a line lie in the same lane of neighbouring vectors.</summary>
internal sealed unsafe class ByteMaxPoolStep(int from, int to) : ByteStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ByteMemory memory, int begin, int end)
    {
        var (source, target) = (memory.Planes[from], memory.Planes[to]);
        var (input, output) = (source.Shape, target.Shape);
        for (var quad = 0; quad < output.Quads; quad++)
            for (var y = begin; y < end; y++)
            {
                var upper = source.Data + input.Place(quad, 2 * y, 0);
                byte* lower = upper + input.LineBytes, line = target.Data + output.Place(quad, y, 0);
                for (var s = 0; s < output.Steps; s++, upper += 128, lower += 128)
                    Vector512.Max(
                        Vector512.Max(Vector512.Load(upper), Vector512.Load(upper + 64)),
                        Vector512.Max(Vector512.Load(lower), Vector512.Load(lower + 64))).Store(line + s * 64);
                target.FinishLine(quad, y);
            }
    }
}

/// <summary>Sums, saturated at 255, and repetitions. Border vectors are lines' own pixels moved on by a lane, for both
/// resolutions alike, so they are treated like all others.</summary>
/// <param name="skip">The planes added; -1 for none. May be those that are written.</param>
/// <param name="other">The other ones.</param>
/// <param name="factor">How often each pixel and line of the others is repeated, 1 or 2.</param>
/// <param name="to">The planes written.</param>
internal sealed unsafe class ByteSumStep(int skip, int other, int factor, int to) : ByteStep
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(ByteMemory memory, int begin, int end)
    {
        var (added, source, target) = (skip < 0 ? null : memory.Planes[skip], memory.Planes[other], memory.Planes[to]);
        var (input, output) = (source.Shape, target.Shape);
        for (var quad = 0; quad < output.Quads; quad++)
            for (var y = begin; y < end; y++)
            {
                var place = output.Place(quad, y, 0);
                byte* from = source.Data + input.Place(quad, y / factor, 0), line = target.Data + place;
                var more = added is null ? null : added.Data + place;
                var (s, last) = (-output.Border, output.Steps + output.Border);
                if (factor == 2 && more is not null)
                {
                    if ((s & 1) != 0) One(from, more, line, s++, 1);
                    for (; s + 2 <= last; s += 2)
                    {
                        var both = Vector512.Load(from + s * 32);
                        Vector512.AddSaturate(both, Vector512.Load(more + s * 64)).Store(line + s * 64);
                        Vector512.AddSaturate(both, Vector512.Load(more + s * 64 + 64)).Store(line + s * 64 + 64);
                    }
                }
                for (; s < last; s++) One(from, more, line, s, factor - 1);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One(byte* from, byte* more, byte* line, int s, int shift)
    {
        var value = Vector512.Load(from + (s >> shift) * 64);
        if (more is not null) value = Vector512.AddSaturate(value, Vector512.Load(more + s * 64));
        value.Store(line + s * 64);
    }
}
