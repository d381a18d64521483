namespace Connecto.Graph;

/// <summary>One segment: its size and place.</summary>
/// <param name="Id">The segment's id in the segmentation volume; never 0.</param>
/// <param name="Voxels">Its voxels.</param>
/// <param name="Begin">First corner of its bounding box, nm (inclusive).</param>
/// <param name="End">Last corner of its bounding box, nm (exclusive).</param>
/// <param name="Centroid">Mean of its voxel centres, nm.</param>
public readonly record struct Neuron(ulong Id, long Voxels, Site Begin, Site End, Site Centroid);
