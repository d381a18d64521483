namespace Connecto.Viewer;

/// <summary>The report's style sheet: one column, system fonts, and rules for paper.</summary>
internal static class ReportStyle
{
    internal const string Css = """
        :root { color-scheme: light; }
        * { box-sizing: border-box; }
        body { margin: 0; background: #f4f5f7; color: #1b2027;
          font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif; }
        header, main { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
        header { padding-top: 40px; }
        h1 { font-size: 30px; line-height: 1.2; margin: 0 0 6px; letter-spacing: -0.01em; }
        .sub { color: #565f6b; margin: 0 0 14px; }
        nav { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 10px 0; border-top: 1px solid #d9dde2; }
        a { color: #005a8d; text-decoration: none; }
        a:hover, a:focus { text-decoration: underline; }
        section { background: #fff; border: 1px solid #e1e4e8; border-radius: 8px; padding: 22px 26px; margin: 18px 0; }
        section > :last-child { margin-bottom: 0; }
        h2 { font-size: 20px; line-height: 1.3; margin: 0 0 12px; }
        p { max-width: 72ch; margin: 0 0 12px; }
        dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 0 32px;
          margin: 0 0 16px; }
        dl div { display: flex; justify-content: space-between; gap: 16px; padding: 6px 0;
          border-bottom: 1px solid #e9ebee; }
        dt { color: #565f6b; }
        dd { margin: 0; text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; margin: 0 0 18px; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; min-width: 50%; }
        caption { text-align: left; font-weight: 600; padding: 0 0 6px; }
        td:last-child, th:last-child { padding-right: 0; }
        th, td { text-align: left; padding: 6px 28px 6px 0; border-bottom: 1px solid #e9ebee; vertical-align: top; }
        th { color: #565f6b; font-weight: 600; border-bottom: 2px solid #cfd4da; }
        .n { text-align: right; }
        figure { margin: 0 0 16px -22px; }
        img { max-width: 100%; height: auto; display: block; }
        @media print {
          body { background: #fff; font-size: 11pt; }
          header, main { max-width: none; padding: 0; }
          nav { display: none; }
          section { border: 0; padding: 0; margin: 0 0 18pt; }
          h2 { break-after: avoid; }
          figure, tr, dl div { break-inside: avoid; }
          figure { margin-left: 0; }
        }

        """;
}
