using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Affinities as a flood wants them: what it costs to cross a face, 255 where there is none.</summary>
internal static unsafe class FaceCosts
{
    /// <summary>Fills the costs of a block from the affinities of it and its halo.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(Affinities affinities, Index3 read, Box core, FloodMemory memory)
    {
        var layout = memory.Layout;
        var shape = core.Shape;
        for (var z = 0; z < shape.Z; z++)
            for (var y = 0; y < shape.Y; y++)
            {
                var from = (((long)core.Begin.Z + z) * read.Y + core.Begin.Y + y) * read.X + core.Begin.X;
                var to = layout.At(z, y);
                Fill(affinities.X + from, memory.CostX + to, shape.X);
                memory.CostX[to] = FloodLayout.Unreached;
                if (y > 0) Fill(affinities.Y + from, memory.CostY + to, shape.X);
                if (z > 0) Fill(affinities.Z + from, memory.CostZ + to, shape.X);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(byte* affinity, byte* cost, int length)
    {
        var most = Vector512.Create((byte)(FloodLayout.Unreached - 1));
        var i = 0;
        for (; i + Vector512<byte>.Count <= length; i += Vector512<byte>.Count)
            Vector512.Min(~Vector512.Load(affinity + i), most).Store(cost + i);
        for (; i < length; i++) cost[i] = (byte)Math.Min(255 - affinity[i], FloodLayout.Unreached - 1);
    }
}
