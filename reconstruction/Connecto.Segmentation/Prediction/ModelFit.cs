using System.Globalization;
using Connecto.Segmentation.Model;
using Connecto.Volumes;

namespace Connecto.Segmentation.Prediction;

/// <summary>How an image's voxels are brought to a model's, and whether they are near enough.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="ModelVoxel">Its voxel size.</param>
/// <param name="ImageVoxel">The image's.</param>
/// <param name="Z">Sections of the network a section of the image; 1 where sections are read as they are.</param>
/// <param name="Y">The same of rows.</param>
/// <param name="X">The same of columns.</param>
public sealed record ModelFit(string Model, VoxelSize ModelVoxel, VoxelSize ImageVoxel, double Z, double Y, double X)
{
    // Twice as coarse leaves two pixels for a membrane of 20 to 40 nm at the shipped models' 10 nm.
    private const double Coarsest = 2;

    // Thick sections are never resampled, so here the model must have met about such a thickness.
    private const double ThickRange = 1.6;

    /// <summary>Compares a model with an image.</summary>
    public static ModelFit Of(EmModel model, Index3 shape, VoxelSize voxel)
    {
        double Scale(int length, double nm, int axis) => (double)PredictionGrid.Pixels(length, nm, model.Info.VoxelSizeNm[axis]) / length;
        var sections = SectionResampling.For(model.Info, shape, voxel)?.Sections ?? shape.Z;
        return new(model.Info.Name, model.Info.VoxelSize, voxel, (double)sections / shape.Z, Scale(shape.Y, voxel.Y, 1), Scale(shape.X, voxel.X, 2));
    }

    /// <summary>True where nothing is resampled.</summary>
    public bool IsIdentity => Z == 1 && Y == 1 && X == 1;

    /// <summary>What is done, in one sentence.</summary>
    public string Sentence => IsIdentity
        ? $"Model '{Model}', made for voxels of {ModelVoxel} nm, reads the image's of {ImageVoxel} nm as they are."
        : string.Create(CultureInfo.InvariantCulture,
            $"Model '{Model}' is made for voxels of {ModelVoxel} nm: the image's of {ImageVoxel} nm are resampled by {Z:0.##},{Y:0.##},{X:0.##} (z,y,x), and predictions are brought back.");

    /// <summary>Why predictions should be looked at before they are trusted, in one sentence; null where nothing speaks
    /// against them.</summary>
    public string? Warning
    {
        get
        {
            var thick = ModelVoxel.Anisotropy >= WatershedOptions.SectionAnisotropy;
            if (ImageVoxel.Anisotropy >= WatershedOptions.SectionAnisotropy != thick)
                return $"The image's voxels of {ImageVoxel} nm are {(thick ? "about as thick as wide" : "thick sections")}, and model '{Model}' learnt from {ModelVoxel} nm: choose another with --model, or look at the report before you trust the result.";
            if (ImageVoxel.Y > Coarsest * ModelVoxel.Y || ImageVoxel.X > Coarsest * ModelVoxel.X || (!thick && ImageVoxel.Z > Coarsest * ModelVoxel.Z))
                return $"The image's voxels of {ImageVoxel} nm are more than twice as coarse as the {ModelVoxel} nm of model '{Model}': thin membranes may be lost; look at the report before you trust the result.";
            if (thick && (ImageVoxel.Z > ThickRange * ModelVoxel.Z || ImageVoxel.Z < ModelVoxel.Z / ThickRange))
                return $"The image's sections of {ImageVoxel.Z} nm are far from the {ModelVoxel.Z} nm that model '{Model}' learnt from: look at the report before you trust the result.";
            return null;
        }
    }
}
