namespace Connecto.Viewer;

public class AxisTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 0.00037)]
    [InlineData(-3, 17)]
    [InlineData(0, 3000)]
    [InlineData(0, 2.4e9)]
    [InlineData(5, 5)]
    public void Linear_ticks_are_round_within_the_axis_and_told_apart(double from, double to)
    {
        var scale = new LinearScale(from, to);
        Assert.InRange(scale.Ticks.Count, 2, 13);
        Assert.All(scale.Ticks, t => Assert.InRange(scale.At(t), -1e-6, 1 + 1e-6));
        var labels = scale.Ticks.Select(scale.Label).ToList();
        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.DoesNotContain(labels, l => l.StartsWith("-0") && l.Trim('-', '0', '.').Length == 0);
    }

    [Theory]
    [InlineData(0.8, 40, "1 2 5 10 20")]
    [InlineData(0.001, 1e5, "0.001 0.01 0.1 1 10 100 1000 10k 100k")]
    public void Log_ticks_stand_at_decades_and_between_where_there_is_room(double from, double to, string labels)
    {
        var scale = new LogScale(from, to);
        Assert.Equal(labels, string.Join(' ', scale.Ticks.Select(scale.Label)));
    }

    [Theory]
    [InlineData(500, "500 nm")]
    [InlineData(1000, "1 µm")]
    [InlineData(2500, "2.5 µm")]
    public void Lengths_have_their_unit(double nm, string text) => Assert.Equal(text, NumberText.Length(nm));

    [Fact]
    public void Round_numbers_bracket_any_number()
    {
        for (var value = 1e-6; value < 1e9; value *= 1.37)
        {
            Assert.True(NiceNumber.AtMost(value) <= value * (1 + 1e-8));
            Assert.True(NiceNumber.AtLeast(value) >= value * (1 - 1e-8));
            Assert.InRange(NiceNumber.AtLeast(value) / NiceNumber.AtMost(value), 1, 2.5001);
        }
    }

    [Fact]
    public void Logarithmic_bins_hold_every_positive_value_once()
    {
        long[] values = [.. Enumerable.Range(0, 700).Select(i => (long)i), 12_345, 12_345];
        var bins = LogBin.Cut(values, 12_345);
        Assert.Equal(values.Count(v => v > 0), bins.Sum(b => b.Count));
        Assert.All(bins, b => Assert.Equal(values.Count(v => v >= b.From && v < b.To), b.Count));
        Assert.All(bins.Zip(bins.Skip(1)), p => Assert.Equal(p.First.To, p.Second.From));
    }
}
