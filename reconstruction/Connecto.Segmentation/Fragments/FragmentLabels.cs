using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Segmentation;

/// <summary>Follows every voxel's way to its peak.</summary>
internal sealed unsafe class FragmentLabels
{
    private readonly List<byte> _peaks = [];

    /// <summary>The level of each peak found, by its number; place 0 is no peak.</summary>
    public List<byte> Peaks => _peaks;

    /// <summary>Writes, as every voxel's label, the number of the peak that its way leads to; 0 where there is no
    /// way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Follow(FloodMemory memory)
    {
        _peaks.Clear();
        _peaks.Add(0);
        var layout = memory.Layout;
        var shape = layout.Shape;
        var steps = stackalloc int[8];
        for (byte way = 0; way < 8; way++) steps[way] = layout.Step(way);
        byte* ways = memory.Ways, levels = memory.Levels;
        var labels = memory.Labels;
        NativeMemory.Clear(labels, (nuint)layout.Length * sizeof(int));
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
            {
                var row = layout.At(z, y);
                for (var i = row; i < row + shape.X; i++)
                {
                    if (labels[i] != 0 || ways[i] == Way.None) continue;
                    int at = i, label;
                    while ((label = labels[at]) == 0)
                    {
                        if (ways[at] == Way.Peak)
                        {
                            labels[at] = label = _peaks.Count;
                            _peaks.Add(levels[at]);
                            break;
                        }
                        at += steps[ways[at]];
                    }
                    for (at = i; labels[at] == 0; at += steps[ways[at]]) labels[at] = label;
                }
            }
    }
}
