using System.Text.Json;

namespace Connecto.Graph;

/// <summary>The places of a filter: offsets in columns with their mean number of synapses, and, where asked for, the gaps
/// inside their outline. The outline is the convex hull of the measured offsets, its border included.</summary>
internal static class HexFilter
{
    public static IEnumerable<(int Du, int Dv, double Synapses)> Read(string path, int edge, IReadOnlyList<JsonElement> offsets, double gap)
    {
        var places = new Dictionary<(int U, int V), double>();
        foreach (var offset in offsets)
        {
            int du, dv;
            double synapses;
            try
            {
                (du, dv, synapses) = (offset[0][0].GetInt32(), offset[0][1].GetInt32(), offset[1].GetDouble());
            }
            catch (Exception e) when (e is InvalidOperationException or FormatException or IndexOutOfRangeException)
            {
                throw FlyvisGraph.Bad(path, $"has '{offset.GetRawText()}' as an offset of edge {edge}; [[du, dv], synapses] was expected");
            }
            if (!(synapses > 0) || synapses > int.MaxValue) throw FlyvisGraph.Bad(path, $"has {synapses} synapses at an offset of edge {edge}; a number above 0 was expected");
            if (!places.TryAdd((du, dv), synapses)) throw FlyvisGraph.Bad(path, $"has the offset {du}, {dv} of edge {edge} twice");
        }
        if (gap > 0)
            foreach (var place in Inside([.. places.Keys]))
                places.TryAdd(place, gap);
        return places.Select(p => (p.Key.U, p.Key.V, p.Value));
    }

    private static IEnumerable<(int U, int V)> Inside((int U, int V)[] points)
    {
        var hull = Hull(points);
        if (hull.Count < 3) yield break;
        for (var u = points.Min(p => p.U); u <= points.Max(p => p.U); u++)
            for (var v = points.Min(p => p.V); v <= points.Max(p => p.V); v++)
                if (Enumerable.Range(0, hull.Count).All(i => Turn(hull[i], hull[(i + 1) % hull.Count], (u, v)) >= 0))
                    yield return (u, v);
    }

    /// <summary>Andrew's monotone chain, counter-clockwise.</summary>
    private static List<(int U, int V)> Hull((int U, int V)[] points)
    {
        Array.Sort(points);
        var hull = new List<(int, int)>();
        foreach (var half in (IEnumerable<(int, int)>[])[points, points.Reverse()])
        {
            var first = hull.Count;
            foreach (var point in half)
            {
                while (hull.Count - first >= 2 && Turn(hull[^2], hull[^1], point) <= 0) hull.RemoveAt(hull.Count - 1);
                hull.Add(point);
            }
            hull.RemoveAt(hull.Count - 1);
        }
        return hull;
    }

    private static long Turn((int U, int V) a, (int U, int V) b, (int U, int V) c) =>
        (long)(b.U - a.U) * (c.V - a.V) - (long)(b.V - a.V) * (c.U - a.U);
}
