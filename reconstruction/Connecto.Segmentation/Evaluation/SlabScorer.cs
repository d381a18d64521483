using Connecto.Volumes;

namespace Connecto.Segmentation;

/// <summary>Fills a contingency table slab by slab; components that pass from slab to slab are joined on the
/// way.</summary>
internal sealed class SlabScorer
{
    /// <summary>Voxels of a slab, unless one section has more.</summary>
    public long SlabVoxels { get; init; } = 32 << 20;

    private readonly Box _box;
    private readonly ScoreOptions _options;
    private readonly HashSet<ulong> _ignored;
    private readonly List<int> _parents = [0];

    public SlabScorer(Index3 result, Index3 truth, ScoreOptions options)
    {
        if (result != truth)
            throw new ArgumentException($"The result's shape is {result}, the truth's {truth}; they must be equal.");
        (_box, _options, _ignored) = (options.Box ?? Box.Of(truth), options, [.. options.Ignore]);
        if (!Box.Of(truth).Contains(_box))
            throw new ArgumentException($"The scored box {_box} leaves the volume {truth}.", nameof(options));
    }

    public SegmentationScore Score(Func<Box, Volume<ulong>> result, Func<Box, Volume<ulong>> truth,
        CancellationToken cancel)
    {
        if (_box.IsEmpty) return default;
        var table = new Contingency();
        var thickness = (int)Math.Clamp(SlabVoxels / ((long)_box.Shape.Y * _box.Shape.X), 1, _box.Shape.Z);
        Volume<ulong>? below = null;
        foreach (var slab in _box.Tile(new(thickness, _box.Shape.Y, _box.Shape.X)))
        {
            cancel.ThrowIfCancellationRequested();
            var labels = truth(slab);
            foreach (ref var id in labels.Data.AsSpan())
                if (_ignored.Contains(id))
                    id = 0;
            if (_options.Objects == TruthObjects.Components) (labels, below) = LabelComponents(labels, below);
            var segments = result(slab);
            var voxels = (int)slab.Count;
            table.Add(labels.Data.AsSpan(0, voxels), segments.Data.AsSpan(0, voxels));
        }
        return SegmentationScore.Of(
            _options.Objects == TruthObjects.Components ? table.MapTruth(id => (ulong)Root((int)id)) : table);
    }

    /// <summary>Numbers the components of a slab after those before it, and joins them to the slab below.</summary>
    /// <param name="labels">The slab's truth; it is not changed.</param>
    /// <param name="below">Truth ids and component numbers (two channels) of the last section before the slab.</param>
    private (Volume<ulong> Components, Volume<ulong> Last) LabelComponents(Volume<ulong> labels, Volume<ulong>? below)
    {
        var components = new Volume<ulong>(labels.Shape);
        var first = _parents.Count - 1;
        var count = ConnectedComponents.Label(labels, Connectivity.Corners, components);
        for (var i = 1; i <= count; i++) _parents.Add(first + i);
        foreach (ref var id in components.Data.AsSpan())
            if (id != 0)
                id += (ulong)first;
        if (below is not null) JoinSections(below, labels, components);

        var last = new Volume<ulong>(new(1, labels.Shape.Y, labels.Shape.X), 2);
        labels.Slice(labels.Shape.Z - 1).CopyTo(last.Channel(0));
        components.Slice(labels.Shape.Z - 1).CopyTo(last.Channel(1));
        return (components, last);
    }

    private void JoinSections(Volume<ulong> below, Volume<ulong> labels, Volume<ulong> components)
    {
        for (var y = 0; y < labels.Shape.Y; y++)
            for (var x = 0; x < labels.Shape.X; x++)
            {
                var label = labels[0, y, x];
                if (label == 0) continue;
                for (var dy = Math.Max(0, y - 1); dy <= Math.Min(labels.Shape.Y - 1, y + 1); dy++)
                    for (var dx = Math.Max(0, x - 1); dx <= Math.Min(labels.Shape.X - 1, x + 1); dx++)
                        if (below[0, 0, dy, dx] == label)
                            Unite((int)components[0, y, x], (int)below[1, 0, dy, dx]);
            }
    }

    private void Unite(int a, int b)
    {
        (a, b) = (Root(a), Root(b));
        if (a < b) _parents[b] = a;
        else _parents[a] = b;
    }

    private int Root(int at)
    {
        while (_parents[at] != at)
        {
            _parents[at] = _parents[_parents[at]];
            at = _parents[at];
        }
        return at;
    }
}
