using System.Buffers.Binary;
using Connecto.Volumes.Slices;

namespace Connecto.Cli.Tests;

/// <summary>Every mistake gives one line and exit code 2, and leaves existing output as it was.</summary>
public sealed class BadInputTests : IDisposable
{
    private const int Side = 64;
    private readonly string _root = Directory.CreateTempSubdirectory("connecto-bad-").FullName;

    private string Slices => Path.Combine(_root, "slices");

    private string Out => Path.Combine(_root, "out");

    public BadInputTests() => Directory.CreateDirectory(Slices);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public Task An_empty_folder() => Refused("holds no");

    [Fact]
    public Task A_source_that_does_not_exist()
    {
        Directory.Delete(Slices);
        return Refused("does not exist");
    }

    [Fact]
    public Task Slices_of_two_sizes()
    {
        WriteSlice("0.png", Side, Side);
        WriteSlice("1.png", Side, Side + 1);
        return Refused("1.png");
    }

    [Fact]
    public Task A_truncated_png()
    {
        WriteSlice("0.png", Side, Side);
        WriteSlice("1.png", Side, Side);
        var whole = File.ReadAllBytes(Path.Combine(Slices, "1.png"));
        File.WriteAllBytes(Path.Combine(Slices, "1.png"), whole[..(whole.Length / 2)]);
        return Refused("1.png");
    }

    [Fact]
    public Task A_tiff_with_an_unsupported_compression()
    {
        File.WriteAllBytes(Path.Combine(Slices, "0.tif"), JpegTiff());
        File.WriteAllBytes(Path.Combine(Slices, "1.tif"), JpegTiff());
        return Refused("JPEG");
    }

    [Fact]
    public Task A_full_colour_image()
    {
        for (var z = 0; z < 2; z++)
            PngImage.WriteRgb8(Path.Combine(Slices, $"{z}.png"), new byte[Side * Side * 3], Side, Side);
        return Refused("colour");
    }

    [Fact]
    public Task One_slice_only()
    {
        WriteSlice("0.png", Side, Side);
        return Refused("one slice");
    }

    [Fact]
    public async Task An_unwritable_output()
    {
        WriteStack();
        File.WriteAllText(Out, "a file");
        await Refused("--out", keepsOutput: false);
        Assert.Equal("a file", File.ReadAllText(Out));
    }

    [Fact]
    public Task A_model_that_is_not_one()
    {
        WriteStack();
        var model = Path.Combine(_root, "model");
        Directory.CreateDirectory(model);
        File.WriteAllText(Path.Combine(model, "model.json"), "not a model");
        return Refused("model", "--model", model);
    }

    [Fact]
    public Task A_model_file_that_is_not_one()
    {
        WriteStack();
        var model = Path.Combine(_root, "model.safetensors");
        File.WriteAllText(model, "not a model");
        return Refused("model", "--model", model);
    }

    [Fact]
    public Task A_voxel_size_that_is_none()
    {
        WriteStack();
        return Refused("--voxel-size", "--voxel-size", "50,4");
    }

    [Fact]
    public Task Sections_that_are_not_there()
    {
        WriteStack();
        return Refused("--sections", "--sections", "1-7");
    }

    [Fact]
    public async Task An_unknown_flag()
    {
        var (code, _, error) = await CommandRun.Of("run", Slices, "--out", Out, "--frobnicate");
        Assert.Equal(2, code);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Someone_elses_folder_as_output()
    {
        WriteStack();
        Directory.CreateDirectory(Out);
        File.WriteAllText(Path.Combine(Out, "thesis.tex"), "precious");
        await Refused("not empty", keepsOutput: false);
        Assert.Equal(["thesis.tex"], Directory.GetFileSystemEntries(Out).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_directory_that_is_no_run()
    {
        foreach (var command in new[] { "stats", "report", "simulate", "predict" })
        {
            var (code, _, error) = await CommandRun.Of(command, _root);
            Assert.True(code == 2, $"{command}: {code} {error}");
            Assert.Contains("run.json", error);
        }
    }

    private async Task Refused(string because, params string[] flags) => await Refused(because, keepsOutput: true, flags);

    private async Task Refused(string because, bool keepsOutput, params string[] flags)
    {
        var (code, _, error) = await CommandRun.Of(["run", Slices, "--voxel-size", "40,4,4", "--out", Out, .. flags]);
        Assert.True(code == 2, error);
        var line = Assert.Single(error.TrimEnd().Split('\n'), l => l.StartsWith("connecto:", StringComparison.Ordinal));
        Assert.Contains(because, line, StringComparison.OrdinalIgnoreCase);
        if (keepsOutput) Assert.False(File.Exists(Path.Combine(Out, "report.html")));
    }

    private void WriteStack()
    {
        for (var z = 0; z < 3; z++) WriteSlice($"{z}.png", Side, Side);
    }

    private void WriteSlice(string name, int height, int width)
    {
        var samples = new byte[height * width];
        new Random(7).NextBytes(samples);
        PngImage.WriteGrey8(Path.Combine(Slices, name), samples, height, width);
    }

    /// <summary>A little-endian TIFF of one 4 x 4 strip whose compression is 7, JPEG (TIFF 6.0, section 22).</summary>
    private static byte[] JpegTiff()
    {
        (ushort Tag, ushort Type, uint Value)[] entries =
            [(256, 3, 4), (257, 3, 4), (258, 3, 8), (259, 3, 7), (262, 3, 1), (273, 4, 122), (277, 3, 1), (278, 3, 4), (279, 4, 16)];
        var file = new byte[138];
        "II*\0"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(4), 8);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            var at = file.AsSpan(10 + 12 * i);
            BinaryPrimitives.WriteUInt16LittleEndian(at, entries[i].Tag);
            BinaryPrimitives.WriteUInt16LittleEndian(at[2..], entries[i].Type);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], 1);
            BinaryPrimitives.WriteUInt32LittleEndian(at[8..], entries[i].Value);
        }
        return file;
    }
}
