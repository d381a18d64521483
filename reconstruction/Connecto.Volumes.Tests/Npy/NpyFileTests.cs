using System.Text;
using Connecto.Volumes.Npy;

namespace Connecto.Volumes.Tests.Npy;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.Path("a.npy");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_bytes_are_those_that_numpy_writes()
    {
        NpyFile.Write<ushort>(Path, [2, 3], [1, 2, 3, 4, 5, 256]);
        var header = "{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), }";
        var expected = Encoding.Latin1.GetBytes("\u0093NUMPY\u0001\0\u0076\0" + header.PadRight(117) + "\n")
            .Concat(new byte[] { 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 0, 1 });
        Assert.Equal(expected, File.ReadAllBytes(Path));
    }

    [Fact]
    public void Every_type_and_any_shape_is_read_as_it_was_written()
    {
        RoundTrip<byte>([3], [1, 2, 255]);
        RoundTrip<bool>([], [true]);
        RoundTrip<ulong>([1, 2, 2, 1], [0, 1, ulong.MaxValue, 3]);
        RoundTrip<int>([0, 5], []);
        RoundTrip<float>([1, 2], [float.NaN, -0f]);
        RoundTrip<double>([2], [Math.PI, double.NegativeInfinity]);
        RoundTrip<sbyte>([2], [-1, 1]);

        void RoundTrip<T>(int[] shape, T[] values) where T : unmanaged
        {
            NpyFile.Write<T>(Path, shape, values);
            Assert.Equal(0, (new FileInfo(Path).Length - values.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>()) % 64);
            var read = NpyFile.Read<T>(Path);
            Assert.Equal(shape, read.Shape);
            Assert.Equal(values, read.Values);
        }
    }

    [Fact]
    public void Both_byte_orders_both_axis_orders_and_all_versions_are_read() => Forall.Seed(random =>
    {
        var shape = Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(1, 5)).ToArray();
        var values = new uint[shape.Aggregate(1, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++) values[i] = (uint)random.NextInt64(1L << 32);
        var (big, fortran, version) = (random.Next(2) == 1, random.Next(2) == 1, random.Next(1, 4));
        File.WriteAllBytes(Path, Write(shape, values, big, fortran, version));
        var read = NpyFile.Read<uint>(Path);
        Assert.Equal(shape, read.Shape);
        Assert.Equal(values, read.Values);
    });

    [Fact]
    public void What_is_no_such_array_is_refused_with_the_reason()
    {
        var good = Write([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8], false, false, 1);
        for (var length = 0; length < good.Length; length++) Refused(good[..length]);
        Refused(Replace(good, "'<u4'", "'|O8'"));
        Refused(Replace(good, "'<u4'", "'<c8'"));
        Refused(Replace(good, "(2, 2, 2)", "(2, 2,-2)"));
        Refused(Replace(good, "(2, 2, 2)", "(2, 2, 3)"));
        File.WriteAllBytes(Path, good);
        Assert.Contains("uint32", Assert.Throws<InvalidDataException>(() => NpyFile.Read<ulong>(Path)).Message);
        NpyFile.Write<uint>(Path, [2], [1, 2]);
        Assert.Contains("(2)", Assert.Throws<InvalidDataException>(() => NpyFile.ReadVolume<uint>(Path)).Message);
        Assert.Throws<ArgumentException>(() => NpyFile.Write<uint>(Path, [3], [1, 2]));
    }

    private void Refused(byte[] file)
    {
        File.WriteAllBytes(Path, file);
        Assert.Contains(Path, Assert.Throws<InvalidDataException>(() => NpyFile.Read<uint>(Path)).Message);
    }

    private static byte[] Replace(byte[] file, string from, string to) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(file).Replace(from, to));

    private static byte[] Write(int[] shape, uint[] values, bool big, bool fortran, int version)
    {
        var text = $"{{'descr': '{(big ? '>' : '<')}u4', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({string.Concat(shape.Select(n => n + ", "))}), }}\n";
        if (shape.Length > 1) text = text.Replace(", )", ")");
        var file = new List<byte> { 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', (byte)version, 0 };
        file.AddRange(version == 1 ? BitConverter.GetBytes((ushort)text.Length) : BitConverter.GetBytes(text.Length));
        file.AddRange(Encoding.ASCII.GetBytes(text));
        for (var n = 0; n < values.Length; n++)
        {
            // Item n of the file: its indices run from the first axis in Fortran order, from the last in C order.
            var (rest, at) = (n, 0);
            if (fortran)
            {
                var indices = new int[shape.Length];
                for (var axis = 0; axis < shape.Length; axis++) (indices[axis], rest) = (rest % shape[axis], rest / shape[axis]);
                for (var axis = 0; axis < shape.Length; axis++) at = at * shape[axis] + indices[axis];
            }
            else at = n;
            var bytes = BitConverter.GetBytes(values[at]);
            file.AddRange(big ? bytes.Reverse() : bytes);
        }
        return [.. file];
    }
}
