using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Connecto.Sparse;
using Connecto.Training;

namespace Connecto.Benchmarks;

/// <summary>PyTorch as a child process that takes training steps when asked to.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly Process process;
    private readonly string folder;

    private TorchPeer(Process process, string folder, string description, double loss) =>
        (this.process, this.folder, Description, Loss) = (process, folder, description, loss);

    /// <summary>Version, order of memory and whether its fast kernels are on.</summary>
    public string Description { get; }

    /// <summary>The loss of the batch with the first weights.</summary>
    public double Loss { get; }

    /// <summary>Starts the peer.</summary>
    /// <param name="python">Commands to try.</param>
    /// <param name="model">The network with its first weights.</param>
    /// <param name="batch">What each step learns from.</param>
    /// <param name="learningRate">Of every step.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="missing">Is told, in a sentence, why there is none.</param>
    /// <returns>Null where there is no Python with PyTorch.</returns>
    public static TorchPeer? Start(
        IEnumerable<string> python, NetworkModel model, TrainingBatch batch, double learningRate, int threads, Action<string> missing)
    {
        var folder = Directory.CreateTempSubdirectory("connecto-torch-").FullName;
        var script = Path.Combine(folder, "peer.py");
        File.WriteAllText(script, TorchScript.Of(model, new(batch.Count, batch.Height, batch.Width), learningRate, threads));
        Write("tensors.bin", [.. model.Nodes.SelectMany(n => Tensors(model, n))]);
        Write("input.bin", batch.Input);
        Write("target.bin", batch.Target);
        Write("weight.bin", batch.Weight);
        var reason = "no Python was found";
        foreach (var command in python)
        {
            if (Launch(command, script) is not { } process) continue;
            if (process.StandardOutput.ReadLine() is { } line && line.Split('|') is [var description, var loss])
                return new(process, folder, "PyTorch " + description, double.Parse(loss, CultureInfo.InvariantCulture));
            reason = process.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1];
            if (reason.Length == 0) reason = $"'{command}' ended without a word";
            process.Dispose();
        }
        Directory.Delete(folder, recursive: true);
        missing($"There are no figures of PyTorch (Debian package python3-torch): {reason.TrimEnd('.')}.");
        return null;

        void Write(string name, float[] values) =>
            File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    /// <summary>Seconds of some steps.</summary>
    /// <exception cref="IOException">The peer died.</exception>
    public double Run(int steps)
    {
        process.StandardInput.WriteLine(steps);
        process.StandardInput.Flush();
        return process.StandardOutput.ReadLine() is { } line
            ? double.Parse(line, CultureInfo.InvariantCulture)
            : throw new IOException($"PyTorch ended amid its steps: {process.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1]}");
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000)) process.Kill();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // In the order in which the script's layers are made.
    private static IEnumerable<float> Tensors(NetworkModel model, NetworkNode node) =>
        model.Tensors.TryGetValue($"{node.Name}.weight", out var weight)
            ? weight.Data.Concat(model.Tensors[$"{node.Name}.bias"].Data) : [];

    private static Process? Launch(string command, string script)
    {
        try
        {
            var start = new ProcessStartInfo(command, [script])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            return Process.Start(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
