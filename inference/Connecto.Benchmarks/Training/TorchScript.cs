using System.Globalization;
using System.Text;
using Connecto.Sparse;

namespace Connecto.Benchmarks;

/// <summary>Writes a network as a Python program that trains it with PyTorch: the peer of a trainer.</summary>
/// <remarks>The program reads tensors and batch as raw floats from its folder, says what it is and the loss of the first batch,
/// and then takes as many steps as each line of its input asks for and answers with the seconds. Of the memory orders
/// (rows, or channels last) it takes the faster. Steps are forward, backward and AdamW, without averaged weights.</remarks>
internal static class TorchScript
{
    public static string Of(NetworkModel model, TrainingBatchShape batch, double learningRate, int threads)
    {
        var (layers, forward) = (new StringBuilder(), new StringBuilder());
        var values = new Dictionary<string, string> { [NetworkModel.InputName] = "x" };
        var channels = new Dictionary<string, int> { [NetworkModel.InputName] = model.Inputs };
        foreach (var node in model.Nodes)
        {
            if (node.Name == model.Output && node.Operator == NetworkOperator.Sigmoid)
            {
                values[node.Name] = values[node.Inputs[0]];
                continue;
            }
            var (value, inputs) = ($"v{values.Count}", node.Inputs.Select(i => values[i]).ToArray());
            (values[node.Name], channels[node.Name]) = (value, Channels(node, channels));
            if (node.Operator == NetworkOperator.Conv2d)
                Line(layers, $"        self.{value} = torch.nn.Conv2d({channels[node.Inputs[0]]}, {node.Channels}, {node.Kernel}, "
                    + $"stride={node.Stride}, padding={node.Kernel / 2})");
            Line(forward, $"        {value} = {Expression(node, value, inputs)}");
        }
        var sizes = string.Join(", ", model.Tensors.Values.Select(t => t.Data.Length));
        var shape = $"{batch.Height}, {batch.Width}";
        return $$"""
            import os, sys, time
            import numpy, torch
            from torch.nn import functional as F

            folder = os.path.dirname(os.path.abspath(__file__))
            torch.set_num_threads({{threads}})


            def load(name, *shape):
                return torch.from_numpy(numpy.fromfile(os.path.join(folder, name), dtype=numpy.float32).reshape(shape))


            class Network(torch.nn.Module):
                def __init__(self):
                    super().__init__()
            {{layers}}
                def forward(self, x):
            {{forward}}        return {{values[model.Output]}}


            def network(order):
                net = Network()
                tensors = torch.split(load("tensors.bin", -1), [{{sizes}}])
                with torch.no_grad():
                    for parameter, values in zip(net.parameters(), tensors):
                        parameter.copy_(values.reshape(parameter.shape))
                return net.to(memory_format=order)


            def trainer(order):
                net = network(order)
                optimizer = torch.optim.AdamW(net.parameters(), lr={{learningRate.ToString("R", CultureInfo.InvariantCulture)}}, weight_decay=0)
                ordered = x.contiguous(memory_format=order)
                t, w = target.contiguous(memory_format=order), weight.contiguous(memory_format=order)

                def step():
                    optimizer.zero_grad(set_to_none=True)
                    loss = F.binary_cross_entropy_with_logits(net(ordered), t, weight=w, reduction="sum") / total
                    loss.backward()
                    optimizer.step()
                    return loss.item()

                return step


            def timed(step, count):
                begin = time.perf_counter()
                for _ in range(count):
                    step()
                return time.perf_counter() - begin


            x = load("input.bin", {{batch.Count}}, {{model.Inputs}}, {{shape}})
            target = load("target.bin", {{batch.Count}}, {{model.Outputs}}, {{shape}})
            weight = load("weight.bin", {{batch.Count}}, {{model.Outputs}}, {{shape}})
            total = weight.sum()
            orders = {"rows": torch.contiguous_format, "channels last": torch.channels_last}
            steps = {name: trainer(order) for name, order in orders.items()}
            loss = [step() for step in steps.values()][0]
            seconds = {name: timed(step, 2) for name, step in steps.items()}
            best = min(seconds, key=seconds.get)
            print(f"{torch.__version__}, {best}, oneDNN {'on' if torch.backends.mkldnn.is_available() else 'off'}|{loss:.9g}", flush=True)
            for line in sys.stdin:
                print(f"{timed(steps[best], int(line)):.9g}", flush=True)
            """.ReplaceLineEndings("\n") + "\n";
    }

    private static int Channels(NetworkNode node, Dictionary<string, int> channels) =>
        node.Operator switch
        {
            NetworkOperator.Conv2d => node.Channels,
            NetworkOperator.Concat => node.Inputs.Sum(i => channels[i]),
            _ => channels[node.Inputs[0]],
        };

    private static string Expression(NetworkNode node, string value, string[] inputs) => node.Operator switch
    {
        NetworkOperator.Conv2d => $"self.{value}({inputs[0]})",
        NetworkOperator.Relu => $"F.relu({inputs[0]})",
        NetworkOperator.MaxPool2d => $"F.max_pool2d({inputs[0]}, {node.Stride})",
        NetworkOperator.Upsample2d => $"F.interpolate({inputs[0]}, scale_factor={node.Stride}, mode=\"nearest\")",
        NetworkOperator.Add => string.Join(" + ", inputs),
        NetworkOperator.Concat => $"torch.cat([{string.Join(", ", inputs)}], 1)",
        _ => throw new ArgumentException($"The peer knows no {node.Operator}; node '{node.Name}' cannot be compared."),
    };

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}

/// <summary>Sizes of a batch.</summary>
internal readonly record struct TrainingBatchShape(int Count, int Height, int Width);
