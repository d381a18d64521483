using Connecto.Phantom.Organelles;

namespace Connecto.Phantom.Tissue;

/// <summary>All there is in a window of tissue: neurites and their organelles. Immutable once made.</summary>
internal sealed class TissueModel
{
    public TissueModel(PhantomOptions options, Bounds window, Bounds placing)
    {
        Warp = new TissueWarp(options.Seed);
        var skeleton = Skeleton.Grow(options, window.Grow(TissueWarp.Most));
        Capsules = skeleton.Capsules;
        Neurites = skeleton.Neurites;
        Grid = new CapsuleGrid(Capsules, CapsuleGrid.ReachOf(options), window.Grow(TissueWarp.Most + 40));
        MeasureRoom();
        Mitochondria = MitochondriaPlacer.Place(options, skeleton);
        Looks = NeuriteLook.Of(options, Neurites);
        Sites = SitePlacer.Place(options, this, placing);
    }

    public TissueWarp Warp { get; }

    public Capsule[] Capsules { get; }

    public CapsuleGrid Grid { get; }

    /// <summary>Neurites have ids 1 to this.</summary>
    public int Neurites { get; }

    /// <summary>Mitochondria have ids 1 to this.</summary>
    public int Mitochondria { get; }

    /// <summary>Index is the neurite.</summary>
    public NeuriteLook[] Looks { get; }

    /// <summary>Presynaptic sites; the id of a cleft is its index + 1.</summary>
    public SynapseSite[] Sites { get; }

    /// <summary>Who owns a point of tissue.</summary>
    public Contest Query(Point3 tissue) => QueryUnwarped(Warp.Apply(tissue));

    /// <summary>Who owns a point given by its place before the warp.</summary>
    public Contest QueryUnwarped(Point3 q)
    {
        var contest = new Contest();
        contest.Clear();
        foreach (var i in Grid.Near(q))
        {
            ref readonly var c = ref Capsules[i];
            var s = c.Nearest(q);
            var from = q - c.Begin - c.Axis * s;
            var length = from.Length;
            var distance = length - (c.Radius + c.RadiusStep * s);
            if (distance < contest.ThirdDistance) contest.Enter(c.Neurite, distance, from, length, i, s);
        }
        return contest;
    }

    /// <summary>Half the gap to the nearest other neurites, at the middle of every capsule in the grid.</summary>
    private void MeasureRoom() => Parallel.For(0, Capsules.Length, i =>
    {
        ref var c = ref Capsules[i];
        var middle = c.Begin + c.Axis * 0.5f;
        float least = Grid.Reach, branch = Grid.Reach;
        foreach (var j in Grid.Near(middle))
        {
            ref readonly var other = ref Capsules[j];
            if (other.Neurite != c.Neurite) least = MathF.Min(least, other.Distance(middle));
            else if (other.Path != c.Path) branch = MathF.Min(branch, other.Distance(middle) + other.Radius);
        }
        c.Room = MathF.Max(0, 0.5f * (least + c.Radius + 0.5f * c.RadiusStep));
        c.MitoRoom = MathF.Min(c.Room, 0.75f * branch - 15);
    });
}
