using System.Globalization;
using System.Text;
using Connecto.Graph;

namespace Connecto.Pipeline;

/// <summary>The segments' sizes and places, beside the segmentation: what the graph stage needs of its voxels.</summary>
internal static class NeuronFile
{
    /// <summary>The file's name inside the segmentation's directory.</summary>
    public const string Name = "neurons.csv";

    private const string Header = "id,voxels,begin_z,begin_y,begin_x,end_z,end_y,end_x,centroid_z,centroid_y,centroid_x";

    /// <summary>Writes the list; places in nm.</summary>
    public static void Write(string path, IReadOnlyList<Neuron> neurons)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var n in neurons)
            text.Append(CultureInfo.InvariantCulture,
                $"{n.Id},{n.Voxels},{n.Begin.Z:R},{n.Begin.Y:R},{n.Begin.X:R},{n.End.Z:R},{n.End.Y:R},{n.End.X:R},{n.Centroid.Z:R},{n.Centroid.Y:R},{n.Centroid.X:R}\n");
        File.WriteAllText(path, text.ToString());
    }

    /// <summary>Reads the list.</summary>
    /// <exception cref="InvalidDataException">The file is not one of these; the message names the row.</exception>
    public static List<Neuron> Read(string path)
    {
        var neurons = new List<Neuron>();
        var row = 0;
        foreach (var line in File.ReadLines(path))
        {
            if (row++ == 0 && line == Header) continue;
            var cells = line.Split(',');
            var numbers = new float[9];
            var good = cells.Length == 11 && ulong.TryParse(cells[0], out _) && long.TryParse(cells[1], out _);
            for (var i = 0; good && i < 9; i++)
                good = float.TryParse(cells[i + 2], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]);
            if (!good)
                throw new InvalidDataException($"Row {row} of '{path}' is not a segment; redo the segmentation with `connecto segment`.");
            neurons.Add(new Neuron(ulong.Parse(cells[0]), long.Parse(cells[1]), new(numbers[0], numbers[1], numbers[2]),
                new(numbers[3], numbers[4], numbers[5]), new(numbers[6], numbers[7], numbers[8])));
        }
        return neurons;
    }
}
