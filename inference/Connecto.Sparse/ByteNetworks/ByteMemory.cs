using Connecto.Sparse.Streams;

namespace Connecto.Sparse.ByteNetworks;

/// <summary>What one run of a network of bytes reads and writes: planes by slot, scratch, and the caller's arrays.</summary>
internal sealed unsafe class ByteMemory(BytePlanes[] planes, int scratchWords, int lineWords)
{
    private readonly AlignedFloats scratch = new(scratchWords), line = new(lineWords);

    /// <summary>The planes by slot.</summary>
    public BytePlanes[] Planes { get; } = planes;

    /// <summary>Words that a step may use while it runs.</summary>
    public int* Scratch => (int*)scratch.Data;

    /// <summary>Words for a line of pixels and what vectors write beyond it.</summary>
    public uint* Line => (uint*)line.Data;

    /// <summary>The caller's input while a run lasts.</summary>
    public byte* Input { get; set; }

    /// <summary>The caller's output while a run lasts.</summary>
    public byte* Output { get; set; }
}
