using System.Xml.Linq;
using Connecto.Volumes;

namespace Connecto.Viewer;

public class ReportPageTests
{
    private const string Hostile = "<script>alert('x')</script> & \"quoted\"";

    [Fact]
    public void Every_text_is_escaped()
    {
        var picture = SlicePicture.Draw(new(new Volume<byte>(new(1, 20, 20)), new(4, 4, 4), 0));
        var html = ReportPage.Render(new(Hostile, Hostile,
        [
            new(Hostile)
            {
                Paragraphs = [Hostile],
                Facts = [new(Hostile, Hostile)],
                Tables = [new(Hostile, [Hostile], [[Hostile]])],
                Pictures = [picture, LabelPicture.Draw(new(new Volume<byte>(new(1, 9, 9)), new(4, 4, 4), 0),
                    new Volume<ulong>(new(1, 9, 9)), new() { Title = Hostile })],
            },
        ]));
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("\"quoted\"", html);
        var page = Parse(html);
        Assert.Equal(Hostile, page.Descendants("h1").Single().Value);
        Assert.Equal(Hostile, page.Descendants("td").Single().Value);
        Assert.Contains(page.Descendants("img"), i => i.Attribute("alt")!.Value.Contains(Hostile));
    }

    [Fact]
    public void The_page_needs_nothing_but_itself()
    {
        var picture = RasterPicture.Draw([1f, 2f], 1, 2);
        var html = ReportPage.Render(new("Run", "", [new("One") { Pictures = [picture] }, new("Two"), new("Three")]));
        Assert.DoesNotContain("http", html);
        Assert.DoesNotContain("<link", html);
        Assert.DoesNotContain("<script", html);
        var image = Parse(html).Descendants("img").Single();
        Assert.NotEmpty(image.Attribute("alt")!.Value);
        Assert.Equal($"{picture.Canvas.Width}", image.Attribute("width")!.Value);
        var source = image.Attribute("src")!.Value;
        Assert.Equal(picture.ToPng(), Convert.FromBase64String(source[(source.IndexOf(',') + 1)..]));
    }

    [Fact]
    public void Columns_of_numbers_are_set_to_the_right_and_short_rows_are_filled_up()
    {
        var table = new ReportTable("", ["Stage", "Time"], [["ingest", "1.2 s"], ["predict", "-"], ["segment"]]);
        var html = ReportPage.Render(new("Run", "", [new("Stages") { Tables = [table] }]));
        var page = Parse(html);
        Assert.Equal(6, page.Descendants("td").Count());
        Assert.Equal(3, page.Descendants("td").Count(t => t.Attribute("class")?.Value == "n"));
    }

    [Fact]
    public void Writing_replaces_the_page_and_leaves_nothing_else()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var path = Path.Combine(folder, "report.html");
            ReportPage.Write(path, new("First", "", []));
            ReportPage.Write(path, new("Second", "", []));
            Assert.Contains("<h1>Second</h1>", File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(folder));
            Assert.Throws<DirectoryNotFoundException>(
                () => ReportPage.Write(Path.Combine(folder, "absent", "report.html"), new("Third", "", [])));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The page closes its elements; the two void ones are closed here, and XML is then a strict
    /// judge.</summary>
    private static XElement Parse(string html) => XElement.Parse(System.Text.RegularExpressions.Regex.Replace(
        html[html.IndexOf("<html", StringComparison.Ordinal)..], "<(meta|img)([^>]*)>", "<$1$2/>"));
}
