using System.Globalization;
using Connecto.BrainNetworks;

namespace Connecto.Benchmarks;

/// <summary>Writes a network of spiking neurons as a Python program that has Brian2 build it as C++ standalone.</summary>
/// <remarks>The program reads edges and jumps as raw numbers from its folder. The equations are Shiu's, and jumps come from a generator with the
/// very steps of our own, through synapses without delay that act on v: they are held off by the refractory period as ours are.</remarks>
internal static class BrianScript
{
    /// <summary>Neurons' spikes as the built program writes them.</summary>
    public const string Neurons = "_dynamic_array_spikes_i_*", Times = "_dynamic_array_spikes_t_*";

    public static string Of(int neurons, LifParameters p, SpikeInputs inputs, double seconds) => string.Create(CultureInfo.InvariantCulture, $$"""
        import os, sys, warnings
        warnings.simplefilter("ignore")
        import numpy
        import brian2
        from brian2 import Hz, ms, mV, second

        folder = os.path.dirname(os.path.abspath(__file__))
        brian2.set_device("cpp_standalone", build_on_run=False)
        brian2.defaultclock.dt = {{p.StepMs:R}} * ms


        def load(name, kind):
            return numpy.fromfile(os.path.join(folder, name), dtype=kind)


        space = dict(rest={{p.RestMv:R}} * mV, reset={{p.ResetMv:R}} * mV, threshold={{p.ThresholdMv:R}} * mV,
                     tau_m={{p.MembraneTauMs:R}} * ms, tau_s={{p.SynapseTauMs:R}} * ms)
        group = brian2.NeuronGroup(
            {{neurons}},
            "dv/dt = (rest - v + g + current) / tau_m : volt (unless refractory)\n"
            "dg/dt = -g / tau_s : volt (unless refractory)\n"
            "current : volt (constant)\n"
            "pause : second",
            method="linear", threshold="v > threshold", reset="v = reset; g = 0 * mV", refractory="pause", namespace=space)
        group.v = {{p.RestMv:R}} * mV
        group.g = 0 * mV
        group.pause = load("pause.bin", "f8") * ms
        group.current = load("current.bin", "f8") * mV
        objects = [group]
        post, pre = load("post.bin", "i4"), load("pre.bin", "i4")
        if len(pre) > 0:
            edges = brian2.Synapses(group, group, "w : volt", on_pre="g += w", delay={{p.DelayMs:R}} * ms)
            edges.connect(i=pre, j=post)
            edges.w = load("contacts.bin", "i4") * {{p.MvPerContact:R}} * mV
            objects.append(edges)
        if os.path.getsize(os.path.join(folder, "driven.bin")) > 0:
            driven = load("driven.bin", "i4")
            source = brian2.SpikeGeneratorGroup(
                len(driven), load("jump_source.bin", "i4"), load("jump_step.bin", "i4") * {{p.StepMs:R}} * ms)
            jumps = brian2.Synapses(source, group, "w : volt", on_pre="v_post += w", delay=0 * ms)
            jumps.connect(i=numpy.arange(len(driven)), j=driven)
            jumps.w = load("jump_mv.bin", "f8") * mV
            objects += [source, jumps]
        monitor = brian2.SpikeMonitor(group, name="spikes")
        network = brian2.Network(*objects, monitor)
        network.run({{seconds:R}} * second)
        code = os.path.join(folder, "code")
        brian2.device.build(directory=code, compile=True, run=False, with_output=False)
        print("Brian2 " + brian2.__version__ + " C++ standalone", flush=True)
        """).ReplaceLineEndings("\n") + "\n";
}
