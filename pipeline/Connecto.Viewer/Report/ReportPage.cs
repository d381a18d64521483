using System.Text;

namespace Connecto.Viewer;

/// <summary>A report as one HTML file: pictures inside, no script, no network, readable in any browser and in
/// print.</summary>
public static class ReportPage
{
    /// <summary>The page's text. The same content gives the same text.</summary>
    public static string Render(ReportContent content)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
            .Append(Escape(content.Title)).Append("</title>\n<style>\n").Append(ReportStyle.Css)
            .Append("</style>\n</head>\n<body>\n<header>\n<h1>").Append(Escape(content.Title)).Append("</h1>\n");
        if (content.Subtitle.Length > 0)
            html.Append("<p class=\"sub\">").Append(Escape(content.Subtitle)).Append("</p>\n");
        if (content.Sections.Count > 2)
        {
            html.Append("<nav aria-label=\"Sections\">\n");
            for (var i = 0; i < content.Sections.Count; i++)
                html.Append($"<a href=\"#s{i + 1}\">").Append(Escape(content.Sections[i].Heading)).Append("</a>\n");
            html.Append("</nav>\n");
        }
        html.Append("</header>\n<main>\n");
        for (var i = 0; i < content.Sections.Count; i++) Section(html, content.Sections[i], i + 1);
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>Writes the page, under a temporary name first; on failure an older page stays.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written.</exception>
    public static void Write(string path, ReportContent content)
    {
        var full = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(Encoding.UTF8.GetBytes(Render(content)));
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void Section(StringBuilder html, ReportSection section, int number)
    {
        html.Append($"<section id=\"s{number}\" aria-labelledby=\"h{number}\">\n<h2 id=\"h{number}\">")
            .Append(Escape(section.Heading)).Append("</h2>\n");
        foreach (var paragraph in section.Paragraphs) html.Append("<p>").Append(Escape(paragraph)).Append("</p>\n");
        if (section.Facts.Count > 0)
        {
            html.Append("<dl>\n");
            foreach (var (name, value) in section.Facts)
                html.Append("<div><dt>").Append(Escape(name)).Append("</dt><dd>").Append(Escape(value))
                    .Append("</dd></div>\n");
            html.Append("</dl>\n");
        }
        foreach (var table in section.Tables) Table(html, table);
        foreach (var picture in section.Pictures)
            html.Append("<figure><img width=\"").Append(picture.Canvas.Width).Append("\" height=\"")
                .Append(picture.Canvas.Height).Append("\" alt=\"").Append(Escape(picture.Description))
                .Append("\" src=\"data:image/png;base64,").Append(Convert.ToBase64String(picture.ToPng()))
                .Append("\"></figure>\n");
        html.Append("</section>\n");
    }

    private static void Table(StringBuilder html, ReportTable table)
    {
        html.Append("<div class=\"scroll\"><table>\n");
        if (table.Caption.Length > 0) html.Append("<caption>").Append(Escape(table.Caption)).Append("</caption>\n");
        var numeric = new bool[table.Columns.Count];
        for (var i = 0; i < numeric.Length; i++)
            numeric[i] = table.Rows.Count > 0 && table.Rows.All(row => i >= row.Count || IsNumber(row[i]));
        html.Append("<thead><tr>");
        for (var i = 0; i < numeric.Length; i++)
            html.Append(numeric[i] ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">")
                .Append(Escape(table.Columns[i])).Append("</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < numeric.Length; i++)
                html.Append(numeric[i] ? "<td class=\"n\">" : "<td>").Append(Escape(i < row.Count ? row[i] : ""))
                    .Append("</td>");
            html.Append("</tr>\n");
        }
        html.Append("</tbody>\n</table></div>\n");
    }

    private static bool IsNumber(string cell) =>
        cell.Length == 0 || cell is "-" or "–" || char.IsAsciiDigit(cell[0])
        || (cell.Length > 1 && cell[0] is '-' or '+' or '−' or '.' or '<' && char.IsAsciiDigit(cell[^1]));

    private static string Escape(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var letter in text)
            _ = letter switch
            {
                '&' => result.Append("&amp;"),
                '<' => result.Append("&lt;"),
                '>' => result.Append("&gt;"),
                '"' => result.Append("&quot;"),
                '\'' => result.Append("&#39;"),
                < ' ' and not '\n' and not '\t' => result.Append('\uFFFD'),
                _ => result.Append(letter),
            };
        return result.ToString();
    }
}
