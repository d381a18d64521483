namespace Connecto.Viewer;

public class StrokeFontTests
{
    [Fact]
    public void Every_printable_ascii_character_is_drawn_and_no_two_look_alike()
    {
        var seen = new Dictionary<string, char>();
        for (var letter = ' '; letter <= '~'; letter++)
        {
            Assert.True(StrokeFont.Covers(letter), $"no glyph for '{letter}'");
            var canvas = new Canvas(40, 40);
            canvas.Text(8, 28, letter.ToString(), TextStyle.Title);
            var inked = canvas.Pixels.Any(b => b != 255);
            Assert.Equal(letter != ' ', inked);
            var key = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(canvas.Pixels));
            Assert.True(seen.TryAdd(key, letter), $"'{letter}' looks like '{seen.GetValueOrDefault(key)}'");
        }
    }

    [Fact]
    public void The_characters_that_pictures_add_to_ascii_are_drawn() =>
        Assert.All("µ×·–−→±²", c => Assert.True(StrokeFont.Covers(c)));

    [Fact]
    public void A_text_stays_within_its_measured_length_and_height()
    {
        foreach (var style in (TextStyle[])[TextStyle.Caption, TextStyle.Label, TextStyle.Heading, TextStyle.Title])
            foreach (var text in (string[])["neurons", "Wj|0", "500 nm", "partners @ {x}"])
            {
                var canvas = new Canvas(300, 60);
                canvas.Text(20, 35, text, style);
                var length = Canvas.Measure(text, style);
                for (var y = 0; y < 60; y++)
                    for (var x = 0; x < 300; x++)
                        if (canvas[x, y] != Palette.Paper)
                        {
                            Assert.InRange(x, 18, 20 + length + 1);
                            Assert.InRange(y, 35 - style.Size, 35 + 0.36 * style.Size);
                        }
            }
    }

    [Fact]
    public void Alignment_moves_a_text_by_its_length()
    {
        var length = Canvas.Measure("abc", TextStyle.Label);
        Canvas left = new(100, 30), right = new(100, 30);
        left.Text(20, 20, "abc", TextStyle.Label);
        right.Text(20 + length, 20, "abc", TextStyle.Label with { Align = TextAlign.Right });
        Assert.Equal(left.Pixels, right.Pixels);
    }

    [Fact]
    public void An_upright_text_is_the_level_one_turned()
    {
        Canvas level = new(60, 60), upright = new(60, 60);
        level.Text(10, 30, "Rate", TextStyle.Label);
        upright.Text(30, 50, "Rate", TextStyle.Label with { Direction = TextDirection.Up });
        for (var y = 0; y < 60; y++)
            for (var x = 0; x < 60; x++)
            {
                var (a, b) = (level[x, y], upright[y, 59 - x]);
                Assert.InRange(Math.Abs(a.R - b.R), 0, 1);
            }
    }

    [Fact]
    public void Digits_are_all_as_wide() =>
        Assert.Single("0123456789".Select(d => Canvas.Measure($"x{d}x", TextStyle.Label)).Distinct());

    [Fact]
    public void An_unknown_character_is_an_empty_box()
    {
        Canvas a = new(30, 30), b = new(30, 30);
        a.Text(5, 20, "\u4E2D", TextStyle.Label);
        b.Text(5, 20, "\u0416", TextStyle.Label);
        Assert.Equal(a.Pixels, b.Pixels);
        Assert.Contains(a.Pixels, p => p != 255);
    }
}
