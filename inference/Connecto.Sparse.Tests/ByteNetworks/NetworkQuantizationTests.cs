namespace Connecto.Sparse.Tests.ByteNetworks;

public sealed class NetworkQuantizationTests : IDisposable
{
    private static readonly PixelScale Grey = new(4.0 / 255, 127.5);

    private readonly string directory = Directory.CreateTempSubdirectory("connecto-quantization-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Every_plane_has_a_step_and_planes_that_meet_share_theirs()
    {
        var model = SampleNetworks.UNet(3, [8, 12, 16], 0.4, seed: 1);
        var found = NetworkQuantization.Calibrate(model, Grey, SampleNetworks.Samples(3, 32, 2));
        found.Check(model);
        Assert.Equal(16, found.Steps.Count);
        Assert.Equal(found.Steps["up0.join"], found.Steps["up0.relu0"]);
        Assert.Equal(found.Steps["up0.join"], found.Steps["down0.relu2"]);
        Assert.Equal(found.Steps["up0.join"], found.Steps["down1.pool"]);
        Assert.NotEqual(found.Steps["up0.join"], found.Steps["up0.relu1"]);
        Assert.All(found.Steps.Values, s => Assert.InRange(s, 1e-4, 1));
    }

    [Fact]
    public void Steps_do_not_depend_on_the_threads_or_on_the_order_of_samples()
    {
        var model = SampleNetworks.UNet(3, [8, 12], 0.4, seed: 2);
        var samples = SampleNetworks.Samples(3, 32, 3);
        var (one, two) = (NetworkQuantization.Calibrate(model, Grey, samples), NetworkQuantization.Calibrate(model, Grey, samples.Reverse(), 2));
        Assert.Equal(one.Steps, two.Steps);
    }

    [Fact]
    public void A_lone_outlier_does_not_cost_all_others_their_precision()
    {
        var histogram = new Connecto.Sparse.ByteNetworks.ClipHistogram();
        var random = new Random(1);
        for (var i = 0; i < 1000; i++) histogram.Add([.. Enumerable.Range(0, 1000).Select(_ => random.NextSingle())]);
        Assert.InRange(histogram.Step(), 0.98 / 255, 1.01 / 255);
        histogram.Add([8f]);
        Assert.InRange(histogram.Step(), 0.98 / 255, 1.01 / 255);
    }

    [Fact]
    public void The_file_comes_back_as_it_was_written()
    {
        var written = new NetworkQuantization(Grey, new Dictionary<string, double> { ["a"] = 0.1, ["b.relu"] = 1e-3 });
        Assert.False(NetworkQuantization.ExistsIn(directory));
        written.Save(directory);
        var read = NetworkQuantization.Load(directory);
        Assert.Equal(written.Input, read.Input);
        Assert.Equal(written.Steps, read.Steps);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "null")]
    [InlineData("""{"format":"other","version":1,"input":{"step":1,"zero":0},"steps":{}}""", "'other'")]
    [InlineData("""{"format":"connecto-quantization","version":2,"input":{"step":1,"zero":0},"steps":{}}""", "version is 2")]
    [InlineData("""{"format":"connecto-quantization","version":1,"input":{"step":0,"zero":0},"steps":{}}""", "step 0")]
    [InlineData("""{"format":"connecto-quantization","version":1,"input":{"step":1,"zero":300},"steps":{}}""", "zero 300")]
    [InlineData("""{"format":"connecto-quantization","version":1,"input":{"step":1,"zero":0},"steps":{"a":-1}}""", "'a'")]
    [InlineData("""{"format":"connecto-quantization","version":1,"input":{"step":1,"zero":0}}""", "steps")]
    public void A_file_that_is_none_is_refused_in_one_line(string json, string expected)
    {
        File.WriteAllText(Path.Combine(directory, NetworkQuantization.FileName), json);
        var error = Assert.Throws<InvalidDataException>(() => NetworkQuantization.Load(directory));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Steps_of_another_network_are_refused()
    {
        var model = SampleNetworks.UNet(3, [4, 4], 1, seed: 3);
        var steps = NetworkQuantization.Calibrate(model, Grey, SampleNetworks.Samples(3, 16, 1)).Steps.ToDictionary();
        Refuse(steps.Where(s => s.Key != "up0.relu1"), "'up0.relu1'");
        Refuse(steps.Append(new("other", 1)), "'other'");
        Refuse(steps.Select(s => s.Key == "up0.relu0" ? new(s.Key, 7) : s), "up0.relu0");

        void Refuse(IEnumerable<KeyValuePair<string, double>> changed, string expected) => Assert.Contains(
            expected, Assert.Throws<InvalidDataException>(() => new NetworkQuantization(Grey, changed.ToDictionary()).Check(model)).Message);
    }

    [Fact]
    public void A_network_with_values_below_zero_is_refused_by_the_name_of_the_node()
    {
        var net = new NetworkBuilder(3);
        var a = net.Relu("a", net.Conv2d("first", NetworkModel.InputName, 4, kernel: 3));
        var model = net.Build(net.Sigmoid("p", net.Conv2d("last", net.Conv2d("bare", a, 4, kernel: 1), 2, kernel: 1)), seed: 1);
        var error = Assert.Throws<InvalidDataException>(() => NetworkQuantization.Calibrate(model, Grey, SampleNetworks.Samples(3, 16, 1)));
        Assert.Contains("'bare'", error.Message);
    }

    [Fact]
    public void Samples_that_do_not_fit_are_refused()
    {
        var model = SampleNetworks.UNet(3, [4, 4], 1, seed: 3);
        Assert.Throws<ArgumentException>(() => NetworkQuantization.Calibrate(model, Grey, []));
        Assert.Throws<ArgumentException>(() => NetworkQuantization.Calibrate(model, Grey, SampleNetworks.Samples(2, 16, 1)));
        Assert.Throws<ArgumentException>(() => NetworkQuantization.Calibrate(model, Grey, SampleNetworks.Samples(3, 15, 1)));
    }
}
