namespace Connecto.Viewer;

/// <summary>How numbers lie along an axis.</summary>
internal abstract class AxisScale
{
    /// <summary>Where a number lies: 0 at the axis' start, 1 at its end.</summary>
    internal abstract double At(double value);

    /// <summary>Where labels stand, ascending.</summary>
    internal abstract IReadOnlyList<double> Ticks { get; }

    /// <summary>The label of a tick.</summary>
    internal abstract string Label(double tick);
}

/// <summary>Equal steps for equal differences.</summary>
/// <remarks>Ticks stand at multiples of 1, 2 or 5 times a power of ten.</remarks>
internal sealed class LinearScale : AxisScale
{
    private readonly double _from, _to, _step;

    /// <summary>An axis from one number to a larger one with about so many ticks.</summary>
    internal LinearScale(double from, double to, int ticks = 6)
    {
        if (!(to > from) || !double.IsFinite(to - from)) (from, to) = double.IsFinite(from) ? (from, from + 1) : (0, 1);
        (_from, _to) = (from, to);
        _step = NiceNumber.AtLeast((to - from) / Math.Max(1, ticks));
        var list = new List<double>();
        for (var i = Math.Ceiling(from / _step - 1e-9); i * _step <= to + 1e-9 * _step; i++)
            list.Add(i * _step + 0.0); // + 0 turns -0 into 0
        Ticks = list;
    }

    internal override IReadOnlyList<double> Ticks { get; }

    internal override double At(double value) => (value - _from) / (_to - _from);

    internal override string Label(double tick) => NumberText.Short(tick, _step);
}

/// <summary>Equal steps for equal ratios; numbers must be positive.</summary>
internal sealed class LogScale : AxisScale
{
    private readonly double _from, _span;

    /// <summary>An axis from one positive number to a larger one.</summary>
    internal LogScale(double from, double to)
    {
        if (!(to > from)) to = from * 10;
        (_from, _span) = (Math.Log10(from), Math.Log10(to) - Math.Log10(from));
        var list = new List<double>();
        ReadOnlySpan<int> steps = _span < 2.2 ? [1, 2, 5] : [1];
        for (var decade = (int)Math.Floor(_from); decade <= (int)Math.Ceiling(_from + _span); decade++)
            foreach (var step in steps)
            {
                var tick = step * Math.Pow(10, decade);
                if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) list.Add(tick);
            }
        Ticks = list;
    }

    internal override IReadOnlyList<double> Ticks { get; }

    internal override double At(double value) =>
        value > 0 ? (Math.Log10(value) - _from) / _span : double.NegativeInfinity;

    internal override string Label(double tick) => NumberText.Short(tick, tick);
}
