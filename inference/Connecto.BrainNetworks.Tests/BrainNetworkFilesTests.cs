using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Connecto.Testing;

namespace Connecto.BrainNetworks.Tests;

public sealed class BrainNetworkFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("connecto-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<int, int, NetworkForm> Sizes => new()
    {
        { 0, 0, NetworkForm.Recurrent }, { 1, 0, NetworkForm.Recurrent }, { 30, 300, NetworkForm.Recurrent },
        { 1, 0, NetworkForm.Layered }, { 50, 150, NetworkForm.Layered },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_network_comes_back_to_the_same_bits(int neurons, int synapses, NetworkForm form)
    {
        var network = Network(neurons, synapses, form);
        BrainNetworkFiles.Save(network, NetworkFolder);
        var back = BrainNetworkFiles.Load(NetworkFolder);
        Assert.Equal(network.Neurons.ToArray(), back.Neurons.ToArray());
        Assert.Equal(network.Recipe with { Inputs = back.Recipe.Inputs }, back.Recipe);
        Assert.Equal(network.Recipe.Inputs, back.Recipe.Inputs);
        Assert.Equal(network.Facts.Scale, back.Facts.Scale);
        Assert.Equal(network.Layers.Count, back.Layers.Count);
        foreach (var (a, b) in network.Layers.Zip(back.Layers))
        {
            Assert.Equal((a.Name, a.FirstRow, a.Weights.Rows, a.Weights.Columns), (b.Name, b.FirstRow, b.Weights.Rows, b.Weights.Columns));
            Assert.Equal(a.Weights.RowStarts.ToArray(), b.Weights.RowStarts.ToArray());
            Assert.Equal(a.Weights.ColumnIndices.ToArray(), b.Weights.ColumnIndices.ToArray());
            Assert.Equal(a.Weights.Values.ToArray(), b.Weights.Values.ToArray());
            Assert.Equal(a.SynapseStarts.ToArray(), b.SynapseStarts.ToArray());
            Assert.Equal(a.SynapseIds.ToArray(), b.SynapseIds.ToArray());
        }
    }

    [Fact]
    public void The_json_says_what_the_numbers_are()
    {
        BrainNetworkFiles.Save(Network(50, 150, NetworkForm.Layered), NetworkFolder);
        using var json = JsonDocument.Parse(File.ReadAllText(In("network.json")));
        var root = json.RootElement;
        Assert.Equal("row = postsynaptic, column = presynaptic", root.GetProperty("orientation").GetString());
        Assert.All(root.GetProperty("neurons").EnumerateArray(), id => Assert.Equal(JsonValueKind.String, id.ValueKind));
        Assert.Equal("layered", root.GetProperty("recipe").GetProperty("form").GetString());
        Assert.Equal("hopDistance", root.GetProperty("recipe").GetProperty("layers").GetString());
        Assert.All(root.GetProperty("layers").EnumerateArray(), l => Assert.True(File.Exists(In(l.GetProperty("npz").GetString()!))));
        Assert.True(root.GetProperty("facts").GetProperty("layering").GetProperty("forwardEdges").GetInt32() > 0);
    }

    [Fact]
    public void Saving_again_replaces_all_and_gives_the_same_bytes()
    {
        var network = Network(30, 300, NetworkForm.Recurrent);
        BrainNetworkFiles.Save(network, NetworkFolder);
        var first = Directory.GetFiles(NetworkFolder).Order().ToDictionary(f => f, File.ReadAllBytes);
        File.WriteAllText(In("rates.npy"), "of the old network");
        BrainNetworkFiles.Save(network, NetworkFolder);
        Assert.Equal(first.Keys, Directory.GetFiles(NetworkFolder).Order());
        Assert.All(first, f => Assert.Equal(f.Value, File.ReadAllBytes(f.Key)));
        Assert.Single(Directory.GetDirectories(_folder));
    }

    [Fact]
    public void What_is_missing_or_damaged_is_named()
    {
        Assert.Contains("network.json", Assert.Throws<FileNotFoundException>(() => BrainNetworkFiles.Load(NetworkFolder)).Message);
        BrainNetworkFiles.Save(Network(30, 300, NetworkForm.Recurrent), NetworkFolder);
        var json = File.ReadAllText(In("network.json"));
        foreach (var bad in (string[])[json[..^20], json.Replace("brain-network", "other"), json.Replace("\"rows\": 30", "\"rows\": 31"), "null"])
        {
            File.WriteAllText(In("network.json"), bad);
            Assert.Throws<InvalidDataException>(() => BrainNetworkFiles.Load(NetworkFolder));
        }
        File.WriteAllText(In("network.json"), json);
        File.Delete(In("network.safetensors"));
        Assert.Throws<FileNotFoundException>(() => BrainNetworkFiles.Load(NetworkFolder));
    }

    [Fact]
    public void The_npz_follows_the_formats_of_numpy_and_scipy()
    {
        var network = Network(30, 300, NetworkForm.Recurrent);
        BrainNetworkFiles.Save(network, NetworkFolder);
        using var zip = ZipFile.OpenRead(In("recurrent.npz"));
        Assert.Equal(["data.npy", "format.npy", "indices.npy", "indptr.npy", "shape.npy"], zip.Entries.Select(e => e.FullName).Order());
        var weights = network.Layers[0].Weights;
        Assert.Equal(weights.ColumnIndices.ToArray(), Array<int>(zip, "indices", "<i4", $"({weights.NonZeros},)"));
        Assert.Equal(weights.RowStarts.ToArray(), Array<int>(zip, "indptr", "<i4", "(31,)"));
        Assert.Equal(weights.Values.ToArray(), Array<float>(zip, "data", "<f4", $"({weights.NonZeros},)"));
        Assert.Equal([30L, 30L], Array<long>(zip, "shape", "<i8", "(2,)"));
        Assert.Equal("csr", Encoding.ASCII.GetString(Array<byte>(zip, "format", "|S3", "()")));
    }

    [ScipyFact]
    public void Scipy_reads_the_same_matrices()
    {
        foreach (var (neurons, synapses, form) in (IEnumerable<(int, int, NetworkForm)>)
            [(30, 300, NetworkForm.Recurrent), (0, 0, NetworkForm.Recurrent), (50, 150, NetworkForm.Layered)])
        {
            var network = Network(neurons, synapses, form);
            BrainNetworkFiles.Save(network, NetworkFolder);
            foreach (var layer in network.Layers)
            {
                var m = layer.Weights;
                var lines = Run($"""
                    import numpy, scipy.sparse
                    m = scipy.sparse.load_npz(r'{In(layer.Name + ".npz")}')
                    m.check_format(full_check=True)
                    print(m.format, m.shape[0], m.shape[1], m.nnz, m.dtype)
                    print(repr(float((m.astype(numpy.float64) @ numpy.arange(m.shape[1])).sum())))
                    """).Split('\n');
                Assert.Equal($"csr {m.Rows} {m.Columns} {m.NonZeros} float32", lines[0]);
                var sum = 0.0;
                for (var i = 0; i < m.NonZeros; i++) sum += (double)m.Values[i] * m.ColumnIndices[i];
                Assert.Equal(sum, double.Parse(lines[1], System.Globalization.CultureInfo.InvariantCulture), 1e-9 * Math.Abs(sum) + 1e-9);
            }
        }
    }

    [Fact]
    public void Rates_on_disk_are_those_of_the_run()
    {
        var network = Network(30, 300, NetworkForm.Recurrent);
        BrainNetworkFiles.Save(network, NetworkFolder);
        var options = new RateOptions { Steps = 40, Inputs = [Samples.Id(3)] };
        var summary = RateFile.Write(NetworkFolder, network, options);
        var bytes = File.ReadAllBytes(In("rates.npy"));
        var (rates, again) = RateRun.Record(network, options);
        Assert.Equal(rates, Npy<float>(bytes, "<f4", "(40, 30)"));
        Assert.Equal(again.MeanRate, summary.MeanRate);
        using var json = JsonDocument.Parse(File.ReadAllText(In("rates.json")));
        Assert.Equal(40, json.RootElement.GetProperty("summary").GetProperty("steps").GetInt32());
        Assert.Throws<InvalidDataException>(() => RateFile.Write(NetworkFolder, network, options with { Inputs = [1] }));
        Assert.Equal(bytes, File.ReadAllBytes(In("rates.npy")));
        Assert.Empty(Directory.GetFiles(NetworkFolder, "*.tmp"));
    }

    private static BrainNetwork Network(int neurons, int synapses, NetworkForm form) => BrainNetwork.From(
        Samples.Random(8, neurons, synapses),
        new NetworkRecipe { Form = form, Inputs = form == NetworkForm.Layered ? [.. Enumerable.Range(0, Math.Min(neurons, 5)).Select(Samples.Id)] : [], Sign = SignRule.ExcitatoryFraction });

    private static T[] Array<T>(ZipArchive zip, string name, string type, string shape) where T : unmanaged
    {
        using var stream = zip.GetEntry($"{name}.npy")!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return Npy<T>(memory.ToArray(), type, shape);
    }

    private static T[] Npy<T>(byte[] file, string type, string shape) where T : unmanaged
    {
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0], file[..8]);
        var begin = 10 + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        Assert.Equal(0, begin % 64);
        var header = Encoding.ASCII.GetString(file[10..begin]);
        Assert.Equal($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}", header.TrimEnd());
        Assert.EndsWith("\n", header);
        return MemoryMarshal.Cast<byte, T>(file.AsSpan(begin)).ToArray();
    }

    private static string Run(string script) =>
        Scipy.TryRun(script, out var output) ? output : throw new InvalidOperationException(output);

    private string NetworkFolder => Path.Combine(_folder, "network");

    private string In(string name) => Path.Combine(NetworkFolder, name);
}
