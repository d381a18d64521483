namespace Connecto.Viewer;

/// <summary>Everything a report says, in reading order. All texts are plain; the page escapes them.</summary>
/// <param name="Title">The page's title.</param>
/// <param name="Subtitle">A line below it: source, date, version; may be empty.</param>
/// <param name="Sections">Its sections.</param>
public sealed record ReportContent(string Title, string Subtitle, IReadOnlyList<ReportSection> Sections);

/// <summary>A section of a report; whatever is empty is left out.</summary>
/// <param name="Heading">Its heading.</param>
public sealed record ReportSection(string Heading)
{
    /// <summary>Text before anything else.</summary>
    public IReadOnlyList<string> Paragraphs { get; init; } = [];

    /// <summary>Names and values: a run's summary.</summary>
    public IReadOnlyList<ReportFact> Facts { get; init; } = [];

    /// <summary>Tables: stage times, scores, statistics.</summary>
    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    /// <summary>Pictures.</summary>
    public IReadOnlyList<Picture> Pictures { get; init; } = [];
}

/// <summary>A name with its value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value with its unit, as it is to be read.</param>
public readonly record struct ReportFact(string Name, string Value);

/// <summary>A table with a heading row.</summary>
/// <param name="Caption">What it shows; may be empty.</param>
/// <param name="Columns">The headings.</param>
/// <param name="Rows">The cells; a row shorter than the headings is filled up with empty cells. Cells that start like
/// numbers are set to the right.</param>
public sealed record ReportTable(
    string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
