using Connecto.Sparse;

namespace Connecto.Testing.Networks;

/// <summary>Every operator by its definition, in double precision; the oracle of sessions and trainers.</summary>
internal static class ReferenceNetwork
{
    public static double[] Run(NetworkModel model, ReadOnlySpan<float> input, int height, int width)
    {
        Dictionary<string, (double[] Data, int Channels, int Height, int Width)> planes = new()
        {
            [NetworkModel.InputName] = (Array.ConvertAll(input.ToArray(), v => (double)v), model.Inputs, height, width),
        };
        foreach (var node in model.Nodes)
        {
            var (data, channels, h, w) = planes[node.Inputs[0]];
            planes[node.Name] = node.Operator switch
            {
                NetworkOperator.Conv2d => Convolve(model, node, data, channels, h, w),
                NetworkOperator.Relu => (Array.ConvertAll(data, v => Math.Max(v, 0)), channels, h, w),
                NetworkOperator.Sigmoid => (Array.ConvertAll(data, v => 1 / (1 + Math.Exp(-v))), channels, h, w),
                NetworkOperator.MaxPool2d => Pool(data, channels, h, w, node.Stride),
                NetworkOperator.Upsample2d => Upsample(data, channels, h, w, node.Stride),
                NetworkOperator.Concat => (
                    [.. node.Inputs.SelectMany(i => planes[i].Data)], node.Inputs.Sum(i => planes[i].Channels), h, w),
                NetworkOperator.Add => (
                    [.. Enumerable.Range(0, data.Length).Select(i => node.Inputs.Sum(n => planes[n].Data[i]))], channels, h, w),
                _ => throw new InvalidOperationException(),
            };
        }
        return planes[model.Output].Data;
    }

    private static (double[], int, int, int) Convolve(NetworkModel model, NetworkNode node, double[] input, int channels, int h, int w)
    {
        var weight = model.Tensors[node.Name + ".weight"].Data;
        var bias = model.Tensors[node.Name + ".bias"].Data;
        var (k, s, before) = (node.Kernel, node.Stride, (node.Kernel - 1) / 2);
        var (oh, ow) = (h / s, w / s);
        var output = new double[node.Channels * oh * ow];
        for (var o = 0; o < node.Channels; o++)
            for (var y = 0; y < oh; y++)
                for (var x = 0; x < ow; x++)
                {
                    double sum = bias[o];
                    for (var c = 0; c < channels; c++)
                        for (var ky = 0; ky < k; ky++)
                            for (var kx = 0; kx < k; kx++)
                            {
                                var (iy, ix) = (y * s + ky - before, x * s + kx - before);
                                if (iy >= 0 && ix >= 0 && iy < h && ix < w)
                                    sum += weight[((o * channels + c) * k + ky) * k + kx] * input[(c * h + iy) * w + ix];
                            }
                    output[(o * oh + y) * ow + x] = sum;
                }
        return (output, node.Channels, oh, ow);
    }

    private static (double[], int, int, int) Pool(double[] input, int channels, int h, int w, int f)
    {
        var output = new double[channels * (h / f) * (w / f)];
        for (var i = 0; i < output.Length; i++)
        {
            var (x, y, c) = (i % (w / f), i / (w / f) % (h / f), i / (w / f) / (h / f));
            output[i] = double.NegativeInfinity;
            for (var dy = 0; dy < f; dy++)
                for (var dx = 0; dx < f; dx++) output[i] = Math.Max(output[i], input[(c * h + y * f + dy) * w + x * f + dx]);
        }
        return (output, channels, h / f, w / f);
    }

    private static (double[], int, int, int) Upsample(double[] input, int channels, int h, int w, int f)
    {
        var output = new double[channels * h * f * w * f];
        for (var i = 0; i < output.Length; i++)
        {
            var (x, y, c) = (i % (w * f), i / (w * f) % (h * f), i / (w * f) / (h * f));
            output[i] = input[(c * h + y / f) * w + x / f];
        }
        return (output, channels, h * f, w * f);
    }
}

/// <summary>Networks that tests and benchmarks share.</summary>
internal static class SampleNetworks
{
    /// <summary>A U-Net: two 3x3 convolutions a level, nearest upsampling and concatenation.</summary>
    public static NetworkModel UNet(int inputs, int outputs, int[] widths, int seed = 1)
    {
        var net = new NetworkBuilder(inputs);
        var x = NetworkModel.InputName;
        List<string> skips = [];
        for (var i = 0; i < widths.Length; i++)
        {
            if (i > 0) x = net.MaxPool2d($"down{i}.pool", x);
            x = Block(net, $"down{i}", x, widths[i]);
            skips.Add(x);
        }
        for (var i = widths.Length - 2; i >= 0; i--)
        {
            x = net.Concat($"up{i}.join", net.Upsample2d($"up{i}.up", x), skips[i]);
            x = Block(net, $"up{i}", x, widths[i]);
        }
        return net.Build(net.Sigmoid("out", net.Conv2d("head", x, outputs, 1)), seed);
    }

    /// <summary>Every operator, even and odd kernels, strides, a value with many readers, nested
    /// concatenation.</summary>
    public static NetworkModel Everything(int inputs, int width, int seed = 1)
    {
        var net = new NetworkBuilder(inputs);
        var a = net.Conv2d("a", NetworkModel.InputName, width, 5);
        var b = net.Relu("b", a);
        var c = net.Conv2d("c", b, width + 3, 3, 2);
        var d = net.Conv2d("d", net.Relu("c.relu", c), 6, 2, 2);
        var e = net.Upsample2d("e", d, 4);
        var f = net.Concat("f", a, e, net.Concat("f.inner", b, NetworkModel.InputName));
        var g = net.Conv2d("g", f, 5, 3);
        var h = net.Add("h", g, net.Relu("g.relu", g), net.Conv2d("g.one", NetworkModel.InputName, 5, 1));
        var i = net.Upsample2d("i", net.Conv2d("i.conv", net.MaxPool2d("i.pool", net.Sigmoid("i.sigmoid", h), 4), 5, 1), 4);
        return net.Build(net.Add("out", i, h), seed);
    }

    public static float[] Noise(int count, int seed, double scale = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2 - 1) * scale))];
    }

    private static string Block(NetworkBuilder net, string name, string x, int width)
    {
        for (var i = 0; i < 2; i++) x = net.Relu($"{name}.relu{i}", net.Conv2d($"{name}.conv{i}", x, width, 3));
        return x;
    }
}
