using Connecto.Sparse.Planes;
using Connecto.Training.Gradients;

namespace Connecto.Training.Tests;

public class PoolGradientTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public unsafe void Of_equal_maxima_the_first_in_a_cell_has_the_gradient(int factor)
    {
        const int height = 3, width = 5;
        var arena = new PlaneArena();
        arena.AddLevel(1, new PlaneLayout(height * factor, width * factor, 1));
        arena.AddLevel(factor, new PlaneLayout(height, width, 2));
        var (fine, coarse) = (arena.LayoutOf(1), arena.LayoutOf(factor));
        var (values, to, from) = (arena.Take(1, 1), arena.Take(1, 1), arena.Take(factor, 1));
        arena.Allocate();
        var random = new Random(1);
        var (v, t, f) = (arena.Offsets(values), arena.Offsets(to), arena.Offsets(from));
        for (var y = 0; y < fine.Height; y++)
            for (var x = 0; x < fine.Width; x++) arena.Base[v[0] + y * fine.Pitch + x] = random.Next(2);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) arena.Base[f[0] + y * coarse.Pitch + x] = 1 + y * width + x;
        new MaxPoolGradientStep(arena, coarse, fine, factor, v, f, t).Run(0, 1);

        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var cell = (from dy in Enumerable.Range(0, factor)
                            from dx in Enumerable.Range(0, factor)
                            select (y * factor + dy) * fine.Pitch + x * factor + dx).ToArray();
                var first = cell.First(p => cell.All(q => arena.Base[v[0] + q] <= arena.Base[v[0] + p]));
                foreach (var p in cell) Assert.Equal(p == first ? 1 + y * width + x : 0, arena.Base[t[0] + p]);
            }
    }
}
