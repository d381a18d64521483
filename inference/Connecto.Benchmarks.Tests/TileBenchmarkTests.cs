using Connecto.Segmentation.Model;
using Connecto.Sparse;
using Connecto.Volumes;

namespace Connecto.Benchmarks.Tests;

public sealed class TileBenchmarkTests
{
    [Fact]
    public void Weights_that_are_zero_are_not_counted_as_kept()
    {
        var network = EmArchitecture.Build(3, [4, 8], seed: 1);
        var all = NetworkWork.Of(network);
        Assert.Equal(network.MultiplyAddsPerPixel / 1000, all.DenseKmac, 1e-9);
        Assert.Equal(all.DenseKmac, all.KeptKmac, 1e-9);
        Assert.Equal(0, all.ZeroWeights);
        // A convolution at half resolution counts a quarter.
        network.Tensors["down1.conv1.weight"].Data.AsSpan(0, 100).Clear();
        var some = NetworkWork.Of(network);
        Assert.Equal(100, some.ZeroWeights);
        Assert.Equal(all.DenseKmac - 100 / 4 / 1000.0, some.KeptKmac, 1e-9);
        Assert.Equal(all.DenseKmac, some.DenseKmac, 1e-9);
    }

    [Fact]
    public void The_predictor_comes_first_and_every_peer_is_near_the_network()
    {
        var report = TileBenchmark.Measure(Model(), Image(), threads: 2, rounds: 1);
        Assert.Equal(("Connecto", 1.0), (report.Rows[0].Engine, report.Rows[0].Speedup));
        Assert.True(report.TileRows >= 40 && report.TileColumns >= 48);
        Assert.Equal(report.TileRows * report.TileColumns / (40.0 * 48), report.PixelsPerVoxel, 1e-9);
        Assert.All(report.Rows, r => Assert.True(r.Milliseconds > 0 && r.Gmacs > 0 && r.Difference < 0.02));
        if (OrtLibrary.Installed is null) Assert.Equal([OrtLibrary.Advice], report.Missing);
        else Assert.Equal(["fp32", "fp32", "int8"], report.Rows.Select(r => r.Precision));
    }

    [OnnxFact]
    public void Bytes_of_a_concatenating_network_are_near_its_floats()
    {
        var model = NetworkBenchmark.UNet(3, 2, 4, 6, 8);
        var random = new Random(3);
        var input = new float[3 * 32 * 40];
        foreach (ref var value in input.AsSpan()) value = random.NextSingle() * 2 - 1;
        var own = new float[2 * 32 * 40];
        using var session = new NetworkSession(model);
        session.Run(input, 32, 40, own);
        using var peer = new OrtNetworks(OrtLibrary.Installed!, model, new Extent(32, 40), 1, [input]);
        peer.RunBytes!(input);
        for (var i = 0; i < own.Length; i++) Assert.Equal(own[i], peer.Output[i], 0.03);
    }

    [OnnxFact]
    public void A_network_that_bytes_cannot_do_is_left_out_with_a_sentence()
    {
        var net = new NetworkBuilder(2);
        var model = net.Build(net.Tanh("bend", net.Conv2d("conv", NetworkModel.InputName, 2, kernel: 3)), seed: 1);
        using var peer = new OrtNetworks(OrtLibrary.Installed!, model, new Extent(8, 8), 1, [new float[2 * 64]]);
        Assert.Null(peer.RunBytes);
        Assert.Contains("'bend'", peer.Missing);
    }

    private static EmModel Model() => new(
        new EmModelInfo { Name = "toy", VoxelSizeNm = [10, 10, 10], Sections = 3 }, EmArchitecture.Build(3, [4, 8], seed: 1));

    private static MemoryVolume<byte> Image()
    {
        var voxels = new Volume<byte>(new(9, 40, 48));
        new Random(1).NextBytes(voxels.Data);
        return new(voxels, new(10, 10, 10));
    }
}
