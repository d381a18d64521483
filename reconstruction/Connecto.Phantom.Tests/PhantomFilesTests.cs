using Connecto.Graph;
using Connecto.Volumes;
using Connecto.Volumes.Slices;

namespace Connecto.Phantom.Tests;

public sealed class PhantomFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("phantom-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_reads_back()
    {
        var phantom = SamplePhantom.Instance.Phantom;
        var place = Path.Combine(_folder, "sample");
        PhantomFiles.Write(phantom, place);
        var shape = phantom.Options.Shape;
        var samples = new uint[shape.Y * shape.X];
        foreach (var (stack, map) in new (string, Func<PhantomSlice, IEnumerable<uint>>)[]
        {
            ("raw", s => s.Raw.Select(v => (uint)v)), ("neurons", s => s.Neurons), ("clefts", s => s.Clefts),
            ("presynaptic", s => s.Presynaptic), ("mitochondria", s => s.Mitochondria),
        })
        {
            var slices = SliceStack.Open(Path.Combine(place, stack));
            Assert.Equal(shape, slices.Shape);
            foreach (var z in new[] { 0, 7, shape.Z - 1 })
            {
                slices.ReadSlice(z, samples);
                Assert.Equal(map(SamplePhantom.Instance.Slices[z]), samples);
            }
        }
        Assert.Equal(phantom.Options.VoxelSize, VolumeDescription.Read(Path.Combine(place, "volume.json")).VoxelSize);
        Assert.Equal(phantom.Synapses, SynapseCsv.Read(Path.Combine(place, "synapses.csv")).Rows());
        Assert.Equal(phantom.Connections, ConnectionCsv.Read(Path.Combine(place, "connections.csv")));
        Assert.Contains("connecto phantom --shape 20,150,170 --voxel-size 40,4,4 --seed 11 --synapse-density 25 --out DIR",
            File.ReadAllText(Path.Combine(place, "volume.json")));
    }

    [Fact]
    public void A_folder_that_holds_something_is_refused_and_left_as_it_is()
    {
        File.WriteAllText(Path.Combine(_folder, "mine.txt"), "mine");
        var error = Assert.Throws<InvalidDataException>(() => PhantomFiles.Write(SamplePhantom.Instance.Phantom, _folder));
        Assert.Contains(_folder, error.Message);
        Assert.Equal(["mine.txt"], Directory.EnumerateFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void A_cancelled_write_leaves_no_description()
    {
        var place = Path.Combine(_folder, "cancelled");
        Assert.ThrowsAny<OperationCanceledException>(() =>
            PhantomFiles.Write(SamplePhantom.Instance.Phantom, place, cancel: new CancellationToken(canceled: true)));
        Assert.False(File.Exists(Path.Combine(place, "volume.json")));
    }
}
