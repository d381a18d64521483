namespace Connecto.Viewer;

/// <summary>A straight piece of a line, in pixels.</summary>
internal readonly struct LinePiece((double X, double Y) from, (double X, double Y) to)
{
    private readonly double _fromX = from.X, _fromY = from.Y, _alongX = to.X - from.X, _alongY = to.Y - from.Y;

    internal double MinX => Math.Min(_fromX, _fromX + _alongX);

    internal double MaxX => Math.Max(_fromX, _fromX + _alongX);

    internal double MinY => Math.Min(_fromY, _fromY + _alongY);

    internal double MaxY => Math.Max(_fromY, _fromY + _alongY);

    /// <summary>Square of the distance from a point to the nearest point of the piece.</summary>
    internal double DistanceSquared(double x, double y)
    {
        double dx = x - _fromX, dy = y - _fromY;
        var length = _alongX * _alongX + _alongY * _alongY;
        var t = length > 0 ? Math.Clamp((dx * _alongX + dy * _alongY) / length, 0, 1) : 0;
        dx -= t * _alongX;
        dy -= t * _alongY;
        return dx * dx + dy * dy;
    }
}
