using Connecto.Segmentation.Model;

namespace Connecto.Segmentation.Tests.Model;

public sealed class EmModelTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("connecto-model-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_saved_model_loads_with_the_same_values()
    {
        var model = SmallModels.Random(sections: 3);
        model.Save(_directory);
        var loaded = EmModel.Load(_directory);
        Assert.Equal(model.Info.VoxelSize, loaded.Info.VoxelSize);
        Assert.Equal(model.Info.Contrast, loaded.Info.Contrast);
        Assert.Equal(model.Info.Thresholds, loaded.Info.Thresholds);
        foreach (var (name, tensor) in model.Network.Tensors) Assert.Equal(tensor.Data, loaded.Network.Tensors[name].Data);
    }

    [Fact]
    public void The_quantisation_is_a_part_of_the_folder_and_goes_with_the_network()
    {
        var model = SmallModels.Random(sections: 3);
        var sample = new Connecto.Sparse.Tensor("sample", [3, 16, 16], [.. Enumerable.Range(0, 768).Select(i => (float)Math.Sin(i))]);
        var quantization = Connecto.Sparse.NetworkQuantization.Calibrate(model.Network, model.Info.InputBytes, [sample]);
        new EmModel(model.Info, model.Network, quantization).Save(_directory);
        Assert.Equal(quantization.Steps, EmModel.Load(_directory).Quantization!.Steps);
        Assert.Equal(127.5, quantization.Input.Zero);
        model.Save(_directory);
        Assert.Null(EmModel.Load(_directory).Quantization);
        var other = Connecto.Segmentation.Model.EmArchitecture.Build(3, [4, 6, 8], seed: 1);
        Assert.Throws<InvalidDataException>(() => new EmModel(model.Info, other, quantization));
    }

    [Fact]
    public void A_folder_without_a_model_is_refused_in_one_sentence()
    {
        var error = Assert.Throws<InvalidDataException>(() => EmModel.Load(_directory));
        Assert.Contains("model.json", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_file_is_not_a_model()
    {
        var path = Path.Combine(_directory, "picture.png");
        File.WriteAllText(path, "x");
        Assert.Contains("is a file", Assert.Throws<InvalidDataException>(() => EmModel.Load(path)).Message);
    }

    [Fact]
    public void A_missing_folder_is_not_found() =>
        Assert.Throws<DirectoryNotFoundException>(() => EmModel.Load(Path.Combine(_directory, "absent")));

    [Theory]
    [InlineData("", "not the description")]
    [InlineData("[1]", "not the description")]
    [InlineData("null", "null")]
    [InlineData("""{"format":"other","name":"a","voxelSizeNm":[1,1,1],"sections":3}""", "'other'")]
    [InlineData("""{"version":9,"name":"a","voxelSizeNm":[1,1,1],"sections":3}""", "version is 9")]
    [InlineData("""{"name":"a","voxelSizeNm":[1,1],"sections":3}""", "voxelSizeNm")]
    [InlineData("""{"name":"a","voxelSizeNm":[1,1,1],"sections":2}""", "odd")]
    [InlineData("""{"name":"a","voxelSizeNm":[1,1,1],"sections":3,"outputs":["x"]}""", "outputs")]
    [InlineData("""{"name":"a","voxelSizeNm":[1,1,1],"sections":3,"contrast":{"strength":2}}""", "Strength")]
    [InlineData("""{"name":"a","voxelSizeNm":[1,1,1],"sections":5}""", "5 sections")]
    public void A_description_that_is_not_one_is_refused_in_one_line(string json, string expected)
    {
        SmallModels.Random(sections: 3).Save(_directory);
        File.WriteAllText(Path.Combine(_directory, "model.json"), json);
        var error = Assert.Throws<InvalidDataException>(() => EmModel.Load(_directory));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void The_default_architecture_costs_what_it_says()
    {
        var network = EmArchitecture.Build(7, [16, 32, 64, 96], seed: 1);
        Assert.Equal(5, network.Outputs);
        Assert.Equal(8, network.SizeMultiple);
        Assert.InRange(network.MultiplyAddsPerPixel, 20_000, 35_000);
    }

    [Fact]
    public void A_companion_lies_inside_the_models_folder_and_reads_the_same_images()
    {
        var inside = Path.Combine(_directory, EmModel.SynapsesFolder);
        SmallModels.Random(sections: 3).Save(_directory);
        Assert.Null(EmModel.Load(_directory).Synapses);
        var alone = EmModel.FilesOf(_directory).ToArray();
        var companion = SmallModels.Random(sections: 5, voxel: [50, 8, 8], seed: 8);
        companion.Save(inside);
        Assert.Equal(5, EmModel.Load(_directory).Synapses!.Info.Sections);
        Assert.Equal(2 * alone.Length, EmModel.FilesOf(_directory).Count());
        EmModel.Describe(inside, companion.Info with { Contrast = companion.Info.Contrast with { Strength = 0.1 } });
        Assert.Contains("another contrast", Assert.Throws<InvalidDataException>(() => _ = EmModel.Load(_directory).Info).Message);
    }
}
