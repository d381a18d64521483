using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Connecto.Sparse.Tests;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Every_type_comes_back_as_it_was_written()
    {
        var path = Path.Combine(directory, "a.safetensors");
        SafetensorsFile.Write(
            path,
            [
                SafetensorsEntry.Of("bytes", [3], new byte[] { 1, 2, 255 }),
                SafetensorsEntry.Of("longs", [2, 1], new[] { long.MinValue, 7L }),
                SafetensorsEntry.Of("floats", [2, 2], new[] { 1f, float.NaN, -0f, float.Epsilon }),
                SafetensorsEntry.Of("ints", [-1, 5]),
                SafetensorsEntry.Of("ids", [ulong.MaxValue]),
                SafetensorsEntry.Of("doubles", [Math.PI]),
                SafetensorsEntry.Of("flags", [true, false]),
                SafetensorsEntry.Of("shorts", new short[] { -3 }),
                SafetensorsEntry.Of("empty", [0, 4], Array.Empty<float>()),
            ],
            new Dictionary<string, string> { ["made by"] = "a \"test\"" });
        var file = SafetensorsFile.Read(path);
        Assert.Equal("a \"test\"", file.Metadata["made by"]);
        Assert.Equal([1, 2, 255], file["bytes"].To<byte>());
        Assert.Equal([long.MinValue, 7L], file["longs"].To<long>());
        Assert.Equal([2L, 1L], file["longs"].Shape.ToArray());
        Assert.Equal(
            new[] { 1f, float.NaN, -0f, float.Epsilon }.Select(BitConverter.SingleToInt32Bits),
            file["floats"].To<float>().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal([-1, 5], file["ints"].To<int>());
        Assert.Equal([ulong.MaxValue], file["ids"].To<ulong>());
        Assert.Equal([Math.PI], file["doubles"].To<double>());
        Assert.Equal([true, false], file["flags"].To<bool>());
        Assert.Equal([(short)-3], file["shorts"].To<short>());
        Assert.Equal(0, file["empty"].Count);
        Assert.Throws<InvalidDataException>(() => file["bytes"].To<float>());
        Assert.Throws<InvalidDataException>(() => file["absent"]);
        Assert.Equal([path], Directory.GetFiles(directory));
    }

    [Fact]
    public void The_header_is_what_the_format_says()
    {
        var path = Path.Combine(directory, "a.safetensors");
        SafetensorsFile.Write(path, [SafetensorsEntry.Of("u", new byte[] { 9 }), SafetensorsEntry.Of("f", [1, 2], new[] { 1f, 2f })]);
        var bytes = File.ReadAllBytes(path);
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
        var f = header.RootElement.GetProperty("f");
        Assert.Equal("F32", f.GetProperty("dtype").GetString());
        Assert.Equal("[1,2]", f.GetProperty("shape").GetRawText());
        Assert.Equal("[0,8]", f.GetProperty("data_offsets").GetRawText());
        Assert.Equal("[8,9]", header.RootElement.GetProperty("u").GetProperty("data_offsets").GetRawText());
        Assert.Equal(8 + length + 9, bytes.Length);
        Assert.Equal(2f, BitConverter.ToSingle(bytes, (int)(8 + length + 4)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a tensor file at all")]
    [InlineData("{}", 2000)]
    [InlineData("[1]")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}")] // no data
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 0, 4)] // too few bytes
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 0, 8)] // a hole
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 0, 8)] // more data than tensors
    [InlineData("{\"a\":{\"dtype\":\"F4\",\"shape\":[1],\"data_offsets\":[0,4]}}", 0, 4)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 0, 4)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1000000000],\"data_offsets\":[0,4000000000]}}")]
    [InlineData("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 0, 4)]
    [InlineData("{\"a\":7}", 0, 4)]
    [InlineData("{\"__metadata__\":{\"a\":7}}")]
    public void A_file_that_is_not_whole_is_refused(string header, long extraLength = 0, int data = 0)
    {
        var path = Path.Combine(directory, "bad.safetensors");
        var text = Encoding.UTF8.GetBytes(header);
        var prefix = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, text.Length + extraLength);
        File.WriteAllBytes(path, header.Length == 0 ? [] : [.. prefix, .. text, .. new byte[data]]);
        var error = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(path));
        Assert.Contains(path, error.Message);
    }

    [Fact]
    public void Every_cut_of_a_file_is_refused()
    {
        var path = Path.Combine(directory, "a.safetensors");
        SafetensorsFile.Write(path, [SafetensorsEntry.Of("f", [1f, 2f])]);
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(path));
        }
    }
}
