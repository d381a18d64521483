using System.Text.Json.Nodes;

namespace Connecto.Pipeline.Tests;

/// <summary>What a rerun does and leaves undone.</summary>
public sealed class ScheduleTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-schedule-").FullName;
    private readonly List<string> _ran = [];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_second_run_does_nothing()
    {
        Run(new RunSettings());
        Run(new RunSettings());
        Assert.Equal(["a", "b", "c"], _ran);
    }

    [Fact]
    public void A_changed_parameter_redoes_exactly_what_depends_on_it()
    {
        Run(new RunSettings());
        _ran.Clear();
        Run(new RunSettings { Steps = 7 });
        Assert.Equal(["b"], _ran);
        _ran.Clear();
        Run(new RunSettings { Steps = 7, Seed = 9 });
        Assert.Equal(["a", "b", "c"], _ran);
    }

    [Fact]
    public void Threads_and_memory_are_no_parameters()
    {
        Run(new RunSettings());
        _ran.Clear();
        Run(new RunSettings { Threads = 3, Memory = 1L << 30 });
        Assert.Empty(_ran);
    }

    [Fact]
    public void A_missing_output_is_made_again()
    {
        Run(new RunSettings());
        _ran.Clear();
        File.Delete(Path.Combine(_root, "b.txt"));
        Run(new RunSettings());
        Assert.Equal(["b"], _ran);
    }

    [Fact]
    public void A_stopped_stage_resumes_at_the_next_block_and_keeps_the_old_output_until_then()
    {
        Run(new RunSettings());
        var before = File.ReadAllText(Path.Combine(_root, "a.txt"));
        _ran.Clear();
        Assert.Throws<OperationCanceledException>(() => Run(new RunSettings { Seed = 2 }, stopAtBlock: 3));
        Assert.Equal(before, File.ReadAllText(Path.Combine(_root, "a.txt")));
        var again = new BlockStage("a", s => s.Seed, _ran);
        new Schedule(new RunDirectory(_root), new RunSettings { Seed = 2, Threads = 1 }, [again], new SilentProgress()).Run(default);
        Assert.Equal(Enumerable.Range(3, 2), again.BlocksWorked);
        Assert.Equal("2: 0 1 2 3 4", File.ReadAllText(Path.Combine(_root, "a.txt")));
        Assert.False(Directory.Exists(Path.Combine(_root, ".partial")));
    }

    [Fact]
    public void A_failure_leaves_the_finished_output_and_its_record()
    {
        Run(new RunSettings());
        Assert.Throws<InvalidOperationException>(() => Run(new RunSettings { Seed = 2 }, failAtBlock: 1));
        _ran.Clear();
        Run(new RunSettings());
        Assert.Empty(_ran);
    }

    [Fact]
    public void A_stage_alone_needs_those_before_it()
    {
        var schedule = Make(new RunSettings());
        var error = Assert.Throws<InvalidDataException>(() => schedule.RunOnly("b", default));
        Assert.Contains("'a'", error.Message);
    }

    [Fact]
    public void A_block_that_does_not_fit_the_memory_is_refused()
    {
        var error = Assert.Throws<InvalidDataException>(() => Run(new RunSettings { Memory = 10 }));
        Assert.Contains("--memory", error.Message);
    }

    [Fact]
    public void A_damaged_manifest_is_refused_and_left_alone()
    {
        File.WriteAllText(Path.Combine(_root, "run.json"), "{ half");
        Assert.Throws<InvalidDataException>(() => Run(new RunSettings()));
        Assert.Equal("{ half", File.ReadAllText(Path.Combine(_root, "run.json")));
    }

    private void Run(RunSettings settings, int stopAtBlock = -1, int failAtBlock = -1) =>
        Make(settings, stopAtBlock, failAtBlock).Run(default);

    private Schedule Make(RunSettings settings, int stopAtBlock = -1, int failAtBlock = -1) =>
        new(new RunDirectory(_root), settings with { Threads = settings.Threads == 0 ? 1 : settings.Threads },
            [
                new BlockStage("a", s => s.Seed, _ran) { StopAt = stopAtBlock, FailAt = failAtBlock },
                new BlockStage("b", s => s.Steps, _ran, "a"),
                new BlockStage("c", s => 0, _ran, "a"),
            ], new SilentProgress());

    private sealed class BlockStage(string name, Func<RunSettings, int> parameter, List<string> ran, params string[] inputs) : Stage
    {
        public int StopAt { get; init; } = -1;
        public int FailAt { get; init; } = -1;
        public List<int> BlocksWorked { get; } = [];
        public override string Name => name;
        public override int Revision => 1;
        public override IReadOnlyList<string> Inputs => inputs;
        public override IReadOnlyList<string> Outputs => [name + ".txt"];
        public override JsonObject Parameters(RunSettings settings) => new() { ["p"] = parameter(settings) };

        public override StageResult Run(StageContext context)
        {
            ran.Add(name);
            BlockLedger.ForEach(context, 5, 100, i =>
            {
                if (i == FailAt) throw new InvalidOperationException("broken");
                if (i == StopAt) throw new OperationCanceledException();
                BlocksWorked.Add(i);
                File.WriteAllText(Path.Combine(context.Work.Root, $"block{i}"), $"{i}");
            });
            var blocks = Enumerable.Range(0, 5).Select(i => File.ReadAllText(Path.Combine(context.Work.Root, $"block{i}")));
            File.WriteAllText(context.Work.At(name + ".txt"), $"{parameter(context.Settings)}: {string.Join(' ', blocks)}");
            return new StageResult(5, []);
        }
    }
}
