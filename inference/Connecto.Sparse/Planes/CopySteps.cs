namespace Connecto.Sparse.Planes;

/// <summary>Where a caller's planes [C][D][H][W] lie while a network runs.</summary>
internal sealed unsafe class CallerPlanes
{
    public float* Data { get; set; }

    public Span<float> Row(PlaneLayout layout, int plane, int section, int row) => new(
        Data + (((long)plane * layout.Depth + section) * layout.Height + row) * layout.Width, layout.Width);
}

/// <summary>Copies a caller's planes in.</summary>
internal sealed unsafe class CopyInStep(
    PlaneArena arena, PlaneLayout layout, CallerPlanes caller, int[] outputs) : RowStep(layout, outputs.Length)
{
    protected override void Row(int plane, int section, int row) => caller.Row(Target, plane, section, row)
        .CopyTo(new Span<float>(arena.Base + outputs[plane] + Target.RowAt(section, row), Target.Width));
}

/// <summary>Copies planes out to a caller's.</summary>
internal sealed unsafe class CopyOutStep(
    PlaneArena arena, PlaneLayout layout, CallerPlanes caller, int[] inputs) : RowStep(layout, inputs.Length)
{
    protected override void Row(int plane, int section, int row) =>
        new ReadOnlySpan<float>(arena.Base + inputs[plane] + Target.RowAt(section, row), Target.Width)
            .CopyTo(caller.Row(Target, plane, section, row));
}

/// <summary>Takes planes apart into the phases of a stride: outputs are [pz][py][px][channel], 0 where a phase is
/// shorter than the others.</summary>
internal sealed unsafe class PhaseStep(
    PlaneArena arena, PlaneLayout from, PlaneLayout to, Extent stride, int[] inputs, int[] outputs)
    : RowStep(to, outputs.Length)
{
    protected override void Row(int plane, int section, int row)
    {
        var (phase, channel) = (plane / inputs.Length, plane % inputs.Length);
        var (px, py, pz) = (
            phase % stride.Width, phase / stride.Width % stride.Height, phase / stride.Width / stride.Height);
        var (z, y) = (section * stride.Depth + pz, row * stride.Height + py);
        var target = new Span<float>(arena.Base + outputs[plane] + Target.RowAt(section, row), Target.Width);
        var count = z < from.Depth && y < from.Height ? (from.Width - px + stride.Width - 1) / stride.Width : 0;
        target[count..].Clear();
        if (count == 0) return;
        var source = arena.Base + inputs[channel] + from.RowAt(z, y) + px;
        if (stride.Width == 1) new ReadOnlySpan<float>(source, count).CopyTo(target);
        else
            for (var x = 0; x < count; x++) target[x] = source[x * stride.Width];
    }
}
