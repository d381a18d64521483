using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Connecto.BrainNetworks;

namespace Connecto.Benchmarks;

/// <summary>A network of spiking neurons that Brian2 built as a C++ program; it is run as often as asked.</summary>
public sealed class BrianPeer : IDisposable
{
    private readonly string _folder;
    private readonly double _stepMs;

    private BrianPeer(string folder, string description, double stepMs) => (_folder, Description, _stepMs) = (folder, description, stepMs);

    /// <summary>Brian2's version.</summary>
    public string Description { get; }

    /// <summary>Builds a network; half a minute, most of it the C++ compiler's.</summary>
    /// <param name="python">Commands to try.</param>
    /// <param name="columns">Weights.</param>
    /// <param name="parameters">Neurons.</param>
    /// <param name="inputs">What is done to them; its very jumps are given to Brian2. Neurons that may not fire are not supported.</param>
    /// <param name="seconds">Biological time.</param>
    /// <param name="missing">Is told, in a sentence, why there is none.</param>
    /// <returns>Null where there is no Python with Brian2, or no compiler.</returns>
    public static BrianPeer? Build(
        IEnumerable<string> python, SynapseColumns columns, LifParameters parameters, SpikeInputs inputs, double seconds, Action<string> missing)
    {
        var folder = Directory.CreateTempSubdirectory("connecto-brian-").FullName;
        var script = Path.Combine(folder, "peer.py");
        File.WriteAllText(script, BrianScript.Of(columns.Neurons, parameters, inputs, seconds));
        WriteInputs(folder, columns, parameters, inputs, (int)Math.Round(seconds * 1000 / parameters.StepMs));
        var reason = "no Python was found";
        foreach (var command in python)
        {
            var (code, output, errors) = Launch(command, [script], folder);
            if (code == 0) return new BrianPeer(folder, output.Trim().Split('\n')[^1], parameters.StepMs);
            if (errors.TrimEnd() is { Length: > 0 } text) reason = text.Split('\n')[^1];
        }
        Directory.Delete(folder, recursive: true);
        missing($"There are no figures of Brian2 (Debian packages python3-brian and g++): {reason.TrimEnd('.')}.");
        return null;
    }

    /// <summary>Runs the program.</summary>
    /// <returns>The seconds that its loop over the steps took by its own clock (processor time of its one thread), without building, reading
    /// and writing; and its spikes, ascending.</returns>
    /// <exception cref="IOException">It failed.</exception>
    public (double Seconds, List<Spike> Spikes) Run()
    {
        var code = Path.Combine(_folder, "code");
        var results = Path.Combine(code, "results");
        Directory.CreateDirectory(results);
        if (Launch(Path.Combine(code, "main"), [], code) is (not 0, _, var errors)) throw new IOException($"Brian2's program failed: {errors.Trim()}");
        var seconds = double.Parse(
            File.ReadAllText(Path.Combine(results, "last_run_info.txt")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);
        var neurons = MemoryMarshal.Cast<byte, int>(Read(BrianScript.Neurons));
        var times = MemoryMarshal.Cast<byte, double>(Read(BrianScript.Times));
        var spikes = new List<Spike>(neurons.Length);
        for (var i = 0; i < neurons.Length; i++) spikes.Add(new Spike((int)Math.Round(times[i] * 1000 / _stepMs), neurons[i]));
        spikes.Sort();
        return (seconds, spikes);

        byte[] Read(string pattern) => File.ReadAllBytes(Directory.GetFiles(results, pattern).Single());
    }

    /// <summary>Deletes the program.</summary>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void WriteInputs(string folder, SynapseColumns columns, LifParameters p, SpikeInputs inputs, int steps)
    {
        int[] pre = new int[columns.Edges], post = new int[columns.Edges], contacts = new int[columns.Edges];
        var (silenced, at) = (inputs.Silenced.ToHashSet(), 0);
        for (var neuron = 0; neuron < columns.Neurons; neuron++)
        {
            if (silenced.Contains(neuron)) continue;
            var column = columns.Of(neuron);
            for (var k = 0; k < column.Targets.Length; k++) (pre[at], post[at], contacts[at++]) = (neuron, column.Targets[k], column.Contacts[k]);
        }
        Write<int>("pre.bin", pre.AsSpan(0, at));
        Write<int>("post.bin", post.AsSpan(0, at));
        Write<int>("contacts.bin", contacts.AsSpan(0, at));
        double[] pause = new double[columns.Neurons], current = new double[columns.Neurons];
        Array.Fill(pause, p.RefractoryMs);
        foreach (var input in inputs.Poisson) pause[input.Neuron] = inputs.StimulatedRefractoryMs;
        foreach (var input in inputs.Currents) current[input.Neuron] += input.Mv;
        Write<double>("pause.bin", pause);
        Write<double>("current.bin", current);
        var jumps = SpikeInputSteps.Of(inputs, p, steps);
        Write<int>("driven.bin", inputs.Poisson.Select(i => i.Neuron).ToArray());
        Write<double>("jump_mv.bin", inputs.Poisson.Select(i => i.JumpMv).ToArray());
        Write<int>("jump_source.bin", jumps.Select(j => j.Input).ToArray());
        Write<int>("jump_step.bin", jumps.Select(j => j.Step).ToArray());

        void Write<T>(string name, ReadOnlySpan<T> values) where T : unmanaged
        {
            using var stream = File.Create(Path.Combine(folder, name));
            stream.Write(MemoryMarshal.AsBytes(values));
        }
    }

    private static (int Code, string Output, string Errors) Launch(string command, string[] arguments, string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, errors.Result);
        }
        catch (Win32Exception e)
        {
            return (-1, "", e.Message);
        }
    }
}
