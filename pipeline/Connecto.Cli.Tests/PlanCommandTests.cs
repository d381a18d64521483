using System.Text.Json;
using Connecto.BrainNetworks;
using Connecto.Sparse;

namespace Connecto.Cli.Tests;

public sealed class PlanCommandTests : IDisposable
{
    private static readonly string[] Fields =
    [
        "layer", "operator", "rows", "depth", "columns", "density", "precision", "format", "kernel", "blocking", "threads", "microseconds",
        "bound", "terms", "codeBytes", "generationMilliseconds", "reason", "rejected",
    ];

    private readonly string root = Directory.CreateTempSubdirectory("connecto-plan-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_network_is_planned_layer_by_layer()
    {
        var (code, output, error) = await CommandRun.Of("plan", "sstem", "--size", "64,128", "--threads", "2", "--json");
        Assert.True(code == 0, error);
        using var plan = JsonDocument.Parse(output);
        var layers = plan.RootElement.GetProperty("layers").EnumerateArray().ToList();
        Assert.NotEmpty(layers);
        Assert.All(layers, layer => Assert.All(Fields, field => Assert.True(layer.TryGetProperty(field, out _), field)));
        Assert.All(layers, layer => Assert.Equal(2, layer.GetProperty("threads").GetInt32()));
        Assert.Equal(layers.Sum(l => l.GetProperty("microseconds").GetDouble()), plan.RootElement.GetProperty("microseconds").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task Matrices_are_planned_from_npz_and_safetensors_for_people()
    {
        var matrix = CsrMatrix.FromEntries(40, 64, Enumerable.Range(0, 300).Select(i => (i * 7 % 40, i * 11 % 64, 1f + i)));
        var (npz, tensors) = (Path.Combine(root, "weights.npz"), Path.Combine(root, "layers.safetensors"));
        using (var stream = File.Create(npz)) NpzMatrix.Write(stream, matrix);
        SafetensorsFile.Write(tensors, [SafetensorsEntry.Of("fc.weight", [40, 64], matrix.ToDense()), SafetensorsEntry.Of("fc.bias", new float[40])]);
        foreach (var (file, layer) in new[] { (npz, "weights"), (tensors, "fc.weight") })
            foreach (var precision in new[] { "fp32", "bf16", "int8", "int4", "int3" })
            {
                var (code, output, error) = await CommandRun.Of(
                    "plan", file, "--batch", "4", "--precision", precision, "--zero-inputs", "50");
                Assert.True(code == 0, error);
                Assert.Contains($"{layer} ", output);
                Assert.Contains("40 x 64", output);
                Assert.Contains("total:", output);
                Assert.Contains("code:", output);
            }
    }

    [Fact]
    public async Task The_table_of_kernels_lists_every_variant()
    {
        var (code, output, error) = await CommandRun.Of("plan", "--kernels");
        Assert.True(code == 0, error);
        Assert.All(KernelVariant.All, variant => Assert.Contains(variant.Name, output));
        (code, output, error) = await CommandRun.Of("plan", "--kernels", "--json");
        Assert.True(code == 0, error);
        using var table = JsonDocument.Parse(output);
        Assert.Equal(KernelVariant.All.Count, table.RootElement.GetProperty("kernels").GetArrayLength());
    }

    [Theory]
    [InlineData("--size", "64")]
    [InlineData("--size", "0,64")]
    [InlineData("--size", "63,64")]
    [InlineData("--batch", "0")]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "two")]
    [InlineData("--precision", "fp64")]
    [InlineData("--zero-inputs", "101")]
    public async Task A_wrong_argument_is_one_line_and_exit_code_2(string option, string value)
    {
        var (code, output, error) = await CommandRun.Of("plan", "sstem", option, value);
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.StartsWith("connecto:", Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task What_cannot_be_planned_is_one_line_and_exit_code_2()
    {
        File.WriteAllText(Path.Combine(root, "broken.npz"), "no zip");
        File.WriteAllText(Path.Combine(root, "notes.txt"), "notes");
        foreach (var model in new[] { "nothing-of-that-name", root, Path.Combine(root, "broken.npz"), Path.Combine(root, "notes.txt") })
        {
            var (code, _, error) = await CommandRun.Of("plan", model);
            Assert.True(code == 2, $"{model}: {code} {error}");
            Assert.StartsWith("connecto:", Assert.Single(error.TrimEnd().Split('\n')));
        }
        Assert.Equal(2, (await CommandRun.Of("plan")).Code);
    }
}
