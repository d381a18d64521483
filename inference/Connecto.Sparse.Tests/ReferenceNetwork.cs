using Connecto.Sparse;

namespace Connecto.Testing.Networks;

/// <summary>Every operator by its definition, in double precision; the oracle of sessions and trainers.</summary>
internal static class ReferenceNetwork
{
    public static double[] Run(NetworkModel model, ReadOnlySpan<float> input, int height, int width) =>
        Run(model, input, new Extent(height, width));

    public static double[] Run(NetworkModel model, ReadOnlySpan<float> input, Extent size)
    {
        Dictionary<string, Volumes> planes = new()
        {
            [NetworkModel.InputName] = new(Array.ConvertAll(input.ToArray(), v => (double)v), model.Inputs, size),
        };
        foreach (var node in model.Nodes)
        {
            var x = planes[node.Inputs[0]];
            var factor = new Extent(node.DepthStride, node.Stride, node.Stride);
            planes[node.Name] = node.Operator switch
            {
                NetworkOperator.Conv2d or NetworkOperator.Conv3d or NetworkOperator.Linear => Convolve(model, node, x),
                NetworkOperator.Relu => x.Map(v => Math.Max(v, 0)),
                NetworkOperator.Sigmoid => x.Map(v => 1 / (1 + Math.Exp(-v))),
                NetworkOperator.Tanh => x.Map(Math.Tanh),
                NetworkOperator.Gelu => x.Map(v => v * (1 + ReferenceFunctions.Erf(v / Math.Sqrt(2))) / 2),
                NetworkOperator.MaxPool2d or NetworkOperator.MaxPool3d => Pool(x, factor, cell => cell.Max()),
                NetworkOperator.AveragePool2d or NetworkOperator.AveragePool3d => Pool(x, factor, cell => cell.Average()),
                NetworkOperator.GlobalAveragePool => Pool(x, x.Size, cell => cell.Average()),
                NetworkOperator.Upsample2d or NetworkOperator.Upsample3d => Upsample(x, factor),
                NetworkOperator.UpsampleBilinear2d => Bilinear(x, node.Stride),
                NetworkOperator.Concat => new(
                    [.. node.Inputs.SelectMany(i => planes[i].Data)], node.Inputs.Sum(i => planes[i].Channels), x.Size),
                NetworkOperator.Add => new(
                    [.. Enumerable.Range(0, x.Data.Length).Select(i => node.Inputs.Sum(n => planes[n].Data[i]))], x.Channels, x.Size),
                NetworkOperator.BatchNorm => BatchNorm(model, node, x),
                NetworkOperator.LayerNorm => ByPosition(x, v =>
                {
                    var (mean, weight, bias) = (v.Average(), model.Tensors[node.Name + ".weight"].Data, model.Tensors[node.Name + ".bias"].Data);
                    var deviation = Math.Sqrt(v.Average(u => (u - mean) * (u - mean)) + node.Epsilon);
                    return [.. v.Select((u, c) => (u - mean) / deviation * weight[c] + bias[c])];
                }),
                NetworkOperator.Softmax => ByPosition(x, v =>
                {
                    var powers = Array.ConvertAll(v, u => Math.Exp(u - v.Max()));
                    return Array.ConvertAll(powers, p => p / powers.Sum());
                }),
                _ => throw new InvalidOperationException(),
            };
        }
        return planes[model.Output].Data;
    }

    private sealed record Volumes(double[] Data, int Channels, Extent Size)
    {
        public double this[int c, int z, int y, int x] => Data[((c * Size.Depth + z) * Size.Height + y) * Size.Width + x];

        public Volumes Map(Func<double, double> function) => this with { Data = Array.ConvertAll(Data, v => function(v)) };

        public static Volumes Make(int channels, Extent size, Func<int, int, int, int, double> value) => new(
            [.. from c in Enumerable.Range(0, channels)
                from z in Enumerable.Range(0, size.Depth)
                from y in Enumerable.Range(0, size.Height)
                from x in Enumerable.Range(0, size.Width)
                select value(c, z, y, x)], channels, size);
    }

    private static Volumes Convolve(NetworkModel model, NetworkNode node, Volumes input)
    {
        var weight = model.Tensors[node.Name + ".weight"].Data;
        var bias = model.Tensors[node.Name + ".bias"].Data;
        var (n, k, kd, s, d) = (input.Size, node.Kernel, node.DepthKernel, node.Stride, node.Dilation);
        var (before, beforeDepth) = (node.Padding ?? (k - 1) * d / 2, node.DepthPadding ?? (kd - 1) * d / 2);
        var size = new Extent(
            After(n.Depth, kd, node.DepthStride, node.DepthPadding), After(n.Height, k, s, node.Padding),
            After(n.Width, k, s, node.Padding));
        var (inputs, outputs) = (input.Channels / node.Groups, node.Channels / node.Groups);
        return Volumes.Make(node.Channels, size, (o, z, y, x) =>
        {
            double sum = bias[o];
            for (var c = 0; c < inputs; c++)
                for (var kz = 0; kz < kd; kz++)
                    for (var ky = 0; ky < k; ky++)
                        for (var kx = 0; kx < k; kx++)
                        {
                            var (iz, iy, ix) = (
                                z * node.DepthStride + kz * d - beforeDepth, y * s + ky * d - before, x * s + kx * d - before);
                            if (iz >= 0 && iy >= 0 && ix >= 0 && iz < n.Depth && iy < n.Height && ix < n.Width)
                                sum += weight[(((o * inputs + c) * kd + kz) * k + ky) * k + kx] * input[o / outputs * inputs + c, iz, iy, ix];
                        }
            return sum;
        });

        int After(int length, int kernel, int stride, int? padding) => padding is { } zeros
            ? (length + 2 * zeros - (kernel - 1) * d - 1) / stride + 1 : length / stride;
    }

    private static Volumes Pool(Volumes input, Extent f, Func<IEnumerable<double>, double> rule) => Volumes.Make(
        input.Channels, new Extent(input.Size.Depth / f.Depth, input.Size.Height / f.Height, input.Size.Width / f.Width),
        (c, z, y, x) => rule(
            from dz in Enumerable.Range(z * f.Depth, f.Depth)
            from dy in Enumerable.Range(y * f.Height, f.Height)
            from dx in Enumerable.Range(x * f.Width, f.Width)
            select input[c, dz, dy, dx]));

    private static Volumes Upsample(Volumes input, Extent f) => Volumes.Make(
        input.Channels, new Extent(input.Size.Depth * f.Depth, input.Size.Height * f.Height, input.Size.Width * f.Width),
        (c, z, y, x) => input[c, z / f.Depth, y / f.Height, x / f.Width]);

    private static Volumes Bilinear(Volumes input, int f)
    {
        return Volumes.Make(
            input.Channels, new Extent(input.Size.Depth, input.Size.Height * f, input.Size.Width * f),
            (c, z, y, x) => Between(y, input.Size.Height, row => Between(x, input.Size.Width, column => input[c, z, row, column])));

        double Between(int output, int length, Func<int, double> value)
        {
            var place = Math.Clamp((output + 0.5) / f - 0.5, 0, length - 1);
            var first = (int)Math.Floor(place);
            return value(first) * (1 - place + first) + value(Math.Min(first + 1, length - 1)) * (place - first);
        }
    }

    private static Volumes BatchNorm(NetworkModel model, NetworkNode node, Volumes input)
    {
        float[] Of(string name) => model.Tensors[$"{node.Name}.{name}"].Data;
        return Volumes.Make(input.Channels, input.Size, (c, z, y, x) =>
            (input[c, z, y, x] - Of("mean")[c]) / Math.Sqrt(Of("variance")[c] + node.Epsilon) * Of("weight")[c] + Of("bias")[c]);
    }

    private static Volumes ByPosition(Volumes input, Func<double[], double[]> rule)
    {
        var positions = input.Data.Length / input.Channels;
        var output = new double[input.Data.Length];
        for (var p = 0; p < positions; p++)
        {
            var values = rule([.. Enumerable.Range(0, input.Channels).Select(c => input.Data[c * positions + p])]);
            for (var c = 0; c < values.Length; c++) output[c * positions + p] = values[c];
        }
        return input with { Data = output };
    }
}

/// <summary>Functions that the runtime lacks.</summary>
internal static class ReferenceFunctions
{
    /// <summary>erf(x) by its power series, exact to 1e-12 for |x| below 5 and 1 or -1 beyond.</summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) > 5) return Math.Sign(x);
        double sum = 0, term = x;
        for (var n = 0; Math.Abs(term) > 1e-17 && n < 300; n++, term *= -x * x / n) sum += term / (2 * n + 1);
        return 2 / Math.Sqrt(Math.PI) * sum;
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
