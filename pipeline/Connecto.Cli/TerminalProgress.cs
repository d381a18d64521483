using System.Diagnostics;
using Connecto.Pipeline;
using Spectre.Console;

namespace Connecto.Cli;

/// <summary>Progress on a terminal as one line that is redrawn, and as plain lines otherwise; always on standard error.</summary>
internal sealed class TerminalProgress : IRunProgress
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly Lock _lock = new();
    private readonly bool _live = !Console.IsErrorRedirected;
    private readonly Stopwatch _clock = new();
    private string _stage = "";
    private long _lastDrawn;

    /// <inheritdoc/>
    public void Begin(string stage)
    {
        lock (_lock)
        {
            (_stage, _lastDrawn) = (stage, 0);
            _clock.Restart();
            if (!_live) Console.Error.WriteLine($"{stage}: begun");
        }
    }

    /// <inheritdoc/>
    public void Skip(string stage)
    {
        lock (_lock) WriteLine($"[grey]{stage,-9} done before, kept[/]", $"{stage}: done before, kept");
    }

    /// <inheritdoc/>
    public void Advance(long done, long total, string unit)
    {
        lock (_lock)
        {
            var now = _clock.ElapsedMilliseconds;
            if (now - _lastDrawn < (_live ? 100 : 10_000) || total == 0) return;
            _lastDrawn = now;
            var left = done > 0 ? TimeSpan.FromMilliseconds(now * (double)(total - done) / done) : (TimeSpan?)null;
            var rate = done / Math.Max(0.001, now / 1000.0);
            var text = FormattableString.Invariant(
                $"{_stage,-9} {done} / {total} {unit}, {rate:0.0}/s{(left is { } t ? $", {t:h\\:mm\\:ss} left" : "")}");
            if (_live) Console.Error.Write($"\r{text}\e[K");
            else Console.Error.WriteLine(text);
        }
    }

    /// <inheritdoc/>
    public void End(string stage, StageRecord record)
    {
        var facts = record.Results is null ? "" : string.Join(", ", record.Results.Where(f => f.Value is not null).Take(4).Select(f => $"{f.Key} {f.Value}"));
        var text = FormattableString.Invariant(
            $"{stage,-9} {record.Seconds,7:0.00} s  {record.MvoxelsPerSecond,8:0.00} Mvoxel/s  {facts}");
        lock (_lock) WriteLine(Markup.Escape(text), text);
    }

    /// <inheritdoc/>
    public void Remark(string sentence)
    {
        lock (_lock) WriteLine($"[yellow]{Markup.Escape(sentence)}[/]", sentence);
    }

    private void WriteLine(string markup, string plain)
    {
        if (!_live)
        {
            Console.Error.WriteLine(plain);
            return;
        }
        Console.Error.Write("\r\e[K");
        _console.MarkupLine(markup);
    }
}
