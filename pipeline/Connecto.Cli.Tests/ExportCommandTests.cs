namespace Connecto.Cli.Tests;

public sealed class ExportCommandTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("connecto-export-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_shipped_model_becomes_one_file_that_names_its_input()
    {
        var file = Path.Combine(root, "fibsem.onnx");
        var (code, output, error) = await CommandRun.Of("export", "onnx", "fibsem", "--out", file, "--size", "64,96");
        Assert.True(code == 0, error);
        Assert.Contains("7 channels in, 5 out", output);
        Assert.Equal([file], Directory.GetFiles(root));
        var text = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file));
        Assert.Contains("(byte / 255 - 0.5) * 4", text);
        Assert.Contains("affinityZ,affinityY,affinityX,cleft,presynaptic", text);
    }

    [Theory]
    [InlineData("nobody", "out.onnx", null)]
    [InlineData("fibsem", "none/out.onnx", null)]
    [InlineData("fibsem", "out.onnx", "63,64")]
    [InlineData("fibsem", "out.onnx", "64")]
    public async Task A_wrong_argument_is_one_line_and_nothing_is_written(string model, string file, string? size)
    {
        string[] rest = size is null ? [] : ["--size", size];
        var (code, output, error) = await CommandRun.Of(["export", "onnx", model, "--out", Path.Combine(root, file), .. rest]);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.StartsWith("connecto:", Assert.Single(error.TrimEnd().Split('\n')));
        Assert.Empty(Directory.GetFileSystemEntries(root));
    }
}
