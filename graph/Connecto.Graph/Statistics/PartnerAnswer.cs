namespace Connecto.Graph;

/// <summary>The question whether 7,000 synapses of a neuron are 700 partners, or 70: answered from this connectome's own
/// ratio of input synapses to input partners.</summary>
/// <remarks>A cut volume misses the parts of neurons outside it and so sees too few contacts a pair: the answer is then an
/// upper bound of the partners. N. Shavit's keynote at PPoPP 2024 asks it of cortex.</remarks>
public sealed record PartnerAnswer
{
    /// <summary>The synapses of a cortical neuron that the question starts from.</summary>
    public const int CorticalSynapses = 7000;

    /// <summary>Neurons that receive at least one synapse; the means are over them.</summary>
    public required int ReceivingNeurons { get; init; }

    /// <summary>Mean input synapses of a receiving neuron.</summary>
    public required double SynapsesPerNeuron { get; init; }

    /// <summary>Mean input partners of a receiving neuron.</summary>
    public required double PartnersPerNeuron { get; init; }

    /// <summary>Synapses / partners; 0 without synapses.</summary>
    public required double ContactsPerPartner { get; init; }

    /// <summary>The partners that 7,000 synapses would be at this ratio; 0 without synapses.</summary>
    public required double PartnersOfCorticalNeuron { get; init; }

    internal static PartnerAnswer Of(Connectome c)
    {
        var receiving = 0;
        for (var n = 0; n < c.NeuronCount; n++)
            if (c.Degree(n, Direction.In) > 0)
                receiving++;
        var ratio = c.EdgeCount == 0 ? 0 : (double)c.ContactCount / c.EdgeCount;
        return new PartnerAnswer
        {
            ReceivingNeurons = receiving,
            SynapsesPerNeuron = receiving == 0 ? 0 : (double)c.ContactCount / receiving,
            PartnersPerNeuron = receiving == 0 ? 0 : (double)c.EdgeCount / receiving,
            ContactsPerPartner = ratio,
            PartnersOfCorticalNeuron = ratio == 0 ? 0 : CorticalSynapses / ratio,
        };
    }
}
