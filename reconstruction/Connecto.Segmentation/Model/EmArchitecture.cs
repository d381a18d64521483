using Connecto.Sparse;

namespace Connecto.Segmentation.Model;

/// <summary>The family of networks that read sections: a 2D U-Net with neighbouring sections as its input channels.</summary>
/// <remarks>
/// Idea: an encoder of 3x3 convolutions and 2x2 poolings sees far cheaply; a decoder brings what it saw back to full
/// resolution, adding the encoder's planes of the same resolution (O. Ronneberger et al., U-Net, MICCAI 2015; joined by sums
/// as in K. Lee et al., 2017, arXiv:1706.00120, which saves a quarter of the work of concatenation). Two-dimensional
/// convolutions over 3 or 7 sections cost a few tens of thousand multiply-adds a voxel where 3D ones cost ten times that.
/// A Relu stands behind every convolution but the last, so all planes are 0 or more and can be kept as unsigned bytes.
/// Given up: no context beyond the sections in, and no normalisation layers, which fuse badly into sparse kernels.
/// </remarks>
public static class EmArchitecture
{
    /// <summary>Builds a network with starting weights.</summary>
    /// <param name="sections">Sections in, odd; 3 for thick sections, 7 for isotropic tissue.</param>
    /// <param name="widths">Channels at each resolution, the full one first; [16, 32, 64, 96] costs 26 kMAC a voxel.</param>
    /// <param name="seed">Same seed, same weights.</param>
    /// <returns>Sections in, 5 probabilities out (<see cref="EmOutput"/>), at the input's resolution.</returns>
    /// <exception cref="ArgumentException">Sections are not odd and positive, or there is no width.</exception>
    public static NetworkModel Build(int sections, IReadOnlyList<int> widths, int seed)
    {
        if (sections < 1 || sections % 2 == 0)
            throw new ArgumentException($"Sections must be odd and positive; found {sections}.", nameof(sections));
        if (widths.Count == 0) throw new ArgumentException("A network needs at least one width.", nameof(widths));
        var net = new NetworkBuilder(sections);
        var at = NetworkModel.InputName;
        var skips = new List<string>();
        for (var level = 0; level < widths.Count; level++)
        {
            if (level > 0) at = net.MaxPool2d($"down{level}.pool", at);
            at = Pair(net, $"down{level}", at, widths[level]);
            skips.Add(at);
        }
        for (var level = widths.Count - 2; level >= 0; level--)
        {
            at = net.Relu($"up{level}.relu0", net.Conv2d($"up{level}.narrow", at, widths[level], kernel: 1));
            at = net.Upsample2d($"up{level}.grow", at);
            at = net.Add($"up{level}.join", at, skips[level]);
            at = Pair(net, $"up{level}", at, widths[level]);
        }
        at = net.Sigmoid("probability", net.Conv2d("head", at, Enum.GetValues<EmOutput>().Length, kernel: 1));
        return net.Build(at, seed);
    }

    private static string Pair(NetworkBuilder net, string name, string input, int channels)
    {
        var first = net.Relu($"{name}.relu1", net.Conv2d($"{name}.conv1", input, channels, kernel: 3));
        return net.Relu($"{name}.relu2", net.Conv2d($"{name}.conv2", first, channels, kernel: 3));
    }
}
