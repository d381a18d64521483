namespace Connecto.Sparse.Tests.ByteNetworks;

/// <summary>A network of bytes by its definition, node by node in whole numbers; nothing is shared with the engine.</summary>
internal sealed class ReferenceByteNetwork(NetworkModel model, NetworkQuantization quantization, byte[] pixels, int height, int width)
{
    private sealed record Planes(byte[] Data, int Channels, int Height, int Width, double Step, double Zero);

    private readonly Dictionary<string, Planes> values = new()
    {
        [NetworkModel.InputName] = new(pixels, model.Inputs, height, width, quantization.Input.Step, quantization.Input.Zero),
    };

    /// <summary>The network's output.</summary>
    public byte[] Run()
    {
        foreach (var node in model.Nodes)
        {
            var inputs = node.Inputs.Select(i => values.GetValueOrDefault(i)).ToArray();
            if (node.Operator == NetworkOperator.Conv2d) values[node.Name] = Convolve(node, inputs[0]!);
            else if (node.Operator == NetworkOperator.Relu) values[node.Name] = inputs[0]!;
            else if (node.Operator == NetworkOperator.MaxPool2d)
                values[node.Name] = Map(inputs[0]!, 1, 2, (c, y, x) =>
                    Math.Max(
                        Math.Max(At(inputs[0]!, c, 2 * y, 2 * x), At(inputs[0]!, c, 2 * y, 2 * x + 1)),
                        Math.Max(At(inputs[0]!, c, 2 * y + 1, 2 * x), At(inputs[0]!, c, 2 * y + 1, 2 * x + 1))));
            else if (node.Operator == NetworkOperator.Upsample2d)
                values[node.Name] = Map(inputs[0]!, 2, 1, (c, y, x) => At(inputs[0]!, c, y / 2, x / 2));
            else if (node.Operator == NetworkOperator.Add)
                values[node.Name] = Map(inputs[0]!, 1, 1, (c, y, x) => Math.Min(255, At(inputs[0]!, c, y, x) + At(inputs[1]!, c, y, x)));
            else return Array.ConvertAll(
                inputs[0]!.Data, b => (byte)Math.Round(255 / (1 + Math.Exp(-(double)0.05f * (b - 128)))));
        }
        throw new InvalidOperationException("The network has no end.");
    }

    private Planes Convolve(NetworkNode node, Planes x)
    {
        var reader = model.Nodes.Single(n => n.Inputs.Contains(node.Name));
        var last = reader.Operator == NetworkOperator.Sigmoid;
        var (step, zero) = last ? (0.05f, 128) : ((float)quantization.Steps[reader.Name], 0);
        var (w, b) = (model.Tensors[node.Name + ".weight"], model.Tensors[node.Name + ".bias"].Data);
        var (length, k) = (w.Data.Length / w.Shape[0], node.Kernel);
        int h = x.Height / node.Stride, v = x.Width / node.Stride;
        var result = new byte[node.Channels * h * v];
        var inputStep = x.Zero == 0 ? (float)x.Step : x.Step;
        for (var m = 0; m < node.Channels; m++)
        {
            var row = w.Data.AsSpan(m * length, length).ToArray();
            var largest = row.Max(Math.Abs);
            var unit = step / inputStep;
            var scale = (float)(largest == 0 ? unit / 256 : Math.Max(largest / 127.0, unit / 4194304));
            var q = Array.ConvertAll(row, value => (int)Math.Clamp(MathF.Round(value / scale), -127, 127));
            var start = (long)Math.Round(b[m] / (scale * inputStep) - x.Zero * q.Sum(), MidpointRounding.ToEven);
            var factor = (float)((double)scale * (float)x.Step / step);
            for (var y = 0; y < h; y++)
                for (var at = 0; at < v; at++)
                {
                    var sum = start;
                    for (var c = 0; c < x.Channels; c++)
                        for (var i = 0; i < k; i++)
                            for (var j = 0; j < k; j++)
                            {
                                int row2 = y * node.Stride + i - k / 2, column = at * node.Stride + j - k / 2;
                                var inside = row2 >= 0 && row2 < x.Height && column >= 0 && column < x.Width;
                                var value = inside ? At(x, c, row2, column) : (int)Math.Round(x.Zero, MidpointRounding.AwayFromZero);
                                sum += q[(c * k + i) * k + j] * value;
                            }
                    var product = (float)(int)sum * factor;
                    var moved = product + zero;
                    result[(m * h + y) * v + at] = (byte)Math.Clamp(Math.Round((double)moved, MidpointRounding.ToEven), 0, 255);
                }
        }
        return new(result, node.Channels, h, v, step, 0);
    }

    private static int At(Planes p, int c, int y, int x) => p.Data[(c * p.Height + y) * p.Width + x];

    private static Planes Map(Planes x, int grow, int shrink, Func<int, int, int, int> value)
    {
        var (height, width) = (x.Height * grow / shrink, x.Width * grow / shrink);
        var data = new byte[x.Channels * height * width];
        for (var i = 0; i < data.Length; i++)
            data[i] = (byte)value(i / (height * width), i / width % height, i % width);
        return x with { Data = data, Height = height, Width = width };
    }
}
