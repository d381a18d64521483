namespace Connecto.Sparse.Tests.ByteNetworks;

/// <summary>U-Nets of the kind that run on bytes, with blocks of weights set to zero.</summary>
internal static class SampleNetworks
{
    /// <summary>Pairs of 3x3 convolutions, poolings, sums with skips; five channels out.</summary>
    /// <param name="inputs">Input channels.</param>
    /// <param name="widths">Channels by level.</param>
    /// <param name="density">Share of the blocks of four channels that are kept, but for the first layer and the last.</param>
    /// <param name="seed">Same seed, same weights.</param>
    public static NetworkModel UNet(int inputs, int[] widths, double density, int seed)
    {
        var net = new NetworkBuilder(inputs);
        var at = NetworkModel.InputName;
        List<string> skips = [];
        for (var level = 0; level < widths.Length; level++)
        {
            if (level > 0) at = net.MaxPool2d($"down{level}.pool", at);
            skips.Add(at = Pair(net, $"down{level}", at, widths[level]));
        }
        for (var level = widths.Length - 2; level >= 0; level--)
        {
            at = net.Relu($"up{level}.relu0", net.Conv2d($"up{level}.narrow", at, widths[level], kernel: 1));
            at = net.Add($"up{level}.join", net.Upsample2d($"up{level}.grow", at), skips[level]);
            at = Pair(net, $"up{level}", at, widths[level]);
        }
        return Prune(net.Build(net.Sigmoid("probability", net.Conv2d("head", at, 5, kernel: 1)), seed), density, seed);
    }

    /// <summary>Samples of noise around grey.</summary>
    public static Tensor[] Samples(int inputs, int size, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new Tensor(
            "sample", [inputs, size, size], [.. Pixels(inputs * size * size, i).Select(b => (b - 127.5f) * 4 / 255)])),
    ];

    /// <summary>Smooth noise, the extremes included.</summary>
    public static byte[] Pixels(int count, int seed)
    {
        var random = new Random(seed);
        var pixels = new byte[count];
        for (var i = 0; i < count; i++)
            pixels[i] = (byte)Math.Clamp(128 + 100 * Math.Sin(i / 7.0 + seed) * Math.Cos(i / 531.0) + random.Next(-60, 61), 0, 255);
        return pixels;
    }

    // Zeros leave the rest as much variance as before; biases make the signs of sums differ.
    private static NetworkModel Prune(NetworkModel model, double density, int seed)
    {
        var random = new Random(seed);
        return model.With(model.Tensors.Values.Select(t =>
        {
            var tensor = t.Copy();
            var data = tensor.Data;
            if (t.Shape.Length == 1)
                foreach (ref var value in data.AsSpan()) value = random.NextSingle() * 0.4f - 0.1f;
            if (t.Shape.Length == 1 || t.Name is "down0.conv1.weight" or "head.weight") return tensor;
            var (channels, taps) = (t.Shape[1], t.Shape[2] * t.Shape[3]);
            for (var m = 0; m < t.Shape[0]; m++)
                for (var quad = 0; quad < channels; quad += 4)
                    for (var tap = 0; tap < taps; tap++)
                    {
                        var factor = random.NextDouble() < density ? (float)(1 / Math.Sqrt(density)) : 0;
                        for (var c = quad; c < Math.Min(quad + 4, channels); c++) data[(m * channels + c) * taps + tap] *= factor;
                    }
            return tensor;
        }));
    }

    private static string Pair(NetworkBuilder net, string name, string x, int width)
    {
        x = net.Relu($"{name}.relu1", net.Conv2d($"{name}.conv1", x, width, kernel: 3));
        return net.Relu($"{name}.relu2", net.Conv2d($"{name}.conv2", x, width, kernel: 3));
    }
}
