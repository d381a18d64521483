using Connecto.Segmentation.Alignment;
using Connecto.Segmentation.Model;
using Connecto.Segmentation.Prediction;
using Connecto.Segmentation.Tests.Model;
using Connecto.Volumes;

namespace Connecto.Segmentation.Tests.Prediction;

public sealed class AffinityPredictorTests
{
    private static readonly VoxelSize Voxel = new(50, 4, 4);

    [Theory]
    [InlineData(4.0, false)]
    [InlineData(7.0, false)]
    [InlineData(2.5, false)]
    [InlineData(4.0, true)]
    [InlineData(7.0, true)]
    [InlineData(2.5, true)]
    public void Any_cut_into_boxes_and_any_threads_give_the_same_bytes(double pixelNm, bool quantized)
    {
        var image = Image(new(4, 70, 530), new(50, pixelNm, pixelNm), seed: 1);
        var model = quantized ? SmallModels.Quantized(sections: 3) : SmallModels.Random(sections: 3);
        using var one = new AffinityPredictor(model, 1);
        using var two = new AffinityPredictor(model, 2);
        var whole = one.Predict(image, Box.Of(image.Shape));
        Assert.Equal(5, whole.Channels);
        var pieces = new Volume<byte>(image.Shape, 5);
        foreach (var box in Box.Of(image.Shape).Tile(new(3, 33, 219)))
            pieces.Paste(two.Predict(image, box), Box.Of(box.Shape), box.Begin);
        Assert.Equal(whole.Data, pieces.Data);
        Assert.True(whole.Data.Distinct().Count() > 10);
    }

    [Fact]
    public void One_tile_agrees_with_the_network_run_on_mirrored_sections()
    {
        var image = Image(new(3, 24, 32), Voxel, seed: 2);
        var model = SmallModels.Random(sections: 3);
        using var predictor = new AffinityPredictor(model, 1);
        var predicted = predictor.Predict(image, Box.Of(image.Shape));
        var raw = image.Read(Box.Of(image.Shape));
        var (height, width) = (24 + 16, 32 + 16);
        var input = new float[3 * height * width];
        for (var s = 0; s < 3; s++)
            for (var y = 0; y < height; y++)
                for (var x = 0; x < width; x++)
                    input[(s * height + y) * width + x] = (raw[Reflect(s - 1, 3), Reflect(y - 8, 24), Reflect(x - 8, 32)] / 255f - 0.5f) * 4;
        var output = new float[5 * height * width];
        using var session = new Connecto.Sparse.NetworkSession(model.Network, 1);
        session.Run(input, height, width, output);
        for (var c = 0; c < 5; c++)
            for (var y = 0; y < 24; y++)
                for (var x = 0; x < 32; x++)
                    Assert.Equal(output[(c * height + y + 8) * width + x + 8] * 255, predicted[c, 0, y, x], 0.51);

        static int Reflect(int at, int length) => at < 0 ? -at : at >= length ? 2 * length - 2 - at : at;
    }

    [Fact]
    public void Bytes_and_floats_agree_to_a_few_levels()
    {
        var image = Image(new(3, 150, 290), Voxel, seed: 8);
        var model = SmallModels.Quantized(sections: 3);
        using var automatic = new AffinityPredictor(model, 1);
        using var floats = new AffinityPredictor(model, 1, PredictionPrecision.Fp32);
        Assert.Equal(PredictionPrecision.Int8, automatic.Precision);
        Assert.Equal(PredictionPrecision.Fp32, floats.Precision);
        var (a, b) = (automatic.Predict(image, Box.Of(image.Shape)).Data, floats.Predict(image, Box.Of(image.Shape)).Data);
        var differences = a.Zip(b, (x, y) => Math.Abs(x - y)).ToArray();
        Assert.InRange(differences.Average(), 0, 2);
        Assert.InRange(differences.Max(), 1, 12);
    }

    [Theory]
    [InlineData(false, 16)]
    [InlineData(true, 16)]
    [InlineData(true, 2)]
    public void Tiles_meet_without_a_seam(bool quantized, int overlap)
    {
        // The same voxels from volumes whose widths put the borders of cores elsewhere. Bytes see as much as the network does,
        // whatever the model's overlap; floats need an overlap of that size.
        var wide = Image(new(1, 40, 2000), Voxel, seed: 9);
        var model = quantized ? SmallModels.Quantized(sections: 3, overlap) : SmallModels.Random(sections: 3, overlap: overlap);
        Assert.InRange(model.Network.Radius, 3, 16);
        using var predictor = new AffinityPredictor(model, 2);
        var whole = predictor.Predict(wide, Box.Of(wide.Shape));
        var narrow = new MemoryVolume<byte>(wide.Read(new(default, new(1, 40, 1500))), Voxel);
        var part = predictor.Predict(narrow, Box.Of(narrow.Shape));
        for (var c = 0; c < 5; c++)
            for (var y = 0; y < 40; y++)
                Assert.Equal(whole.Slice(0, c).Slice(y * 2000, 1480).ToArray(), part.Slice(0, c).Slice(y * 1500, 1480).ToArray());
    }

    [Fact]
    public void Bytes_of_a_model_that_was_not_quantised_are_refused_in_one_sentence()
    {
        var error = Assert.Throws<InvalidDataException>(
            () => new AffinityPredictor(SmallModels.Random(sections: 3), 1, PredictionPrecision.Int8));
        Assert.Contains("quantization.json", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Sections_that_lie_shifted_are_predicted_as_if_they_did_not()
    {
        // Section z of the second image is that of the first, 16 rows down and 16 columns left for each section.
        var still = Image(new(3, 192, 192), Voxel, seed: 9);
        var (from, moved) = (still.Read(Box.Of(still.Shape)), new Volume<byte>(still.Shape));
        for (var z = 0; z < 3; z++)
            for (var y = 0; y < 192; y++)
                for (var x = 0; x < 192; x++)
                    moved[z, y, x] = from[z, (y - 16 * z + 192) % 192, (x + 16 * z) % 192];
        SectionField Field() => new(192, 192, 1, 1, [-16], [16]);
        var model = SmallModels.Random(sections: 3);
        using var plain = new AffinityPredictor(model, 1);
        using var aligned = new AffinityPredictor(model, 2, alignment: new StackAlignment([null, Field(), Field()]));
        var expected = plain.Predict(still, Box.Of(still.Shape));
        var actual = aligned.Predict(new MemoryVolume<byte>(moved, Voxel), Box.Of(still.Shape));
        for (var c = 0; c < 5; c++)
            for (var y = 64; y < 128; y++)
                for (var x = 64; x < 128; x++)
                    Assert.Equal(expected[c, 1, y - 16, x + 16], actual[c, 1, y, x]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_companion_gives_the_synapse_maps_and_the_model_the_affinities(bool quantized)
    {
        var image = Image(new(4, 60, 90), Voxel, seed: 5);
        var own = quantized ? SmallModels.Quantized(sections: 3) : SmallModels.Random(sections: 3);
        var other = SmallModels.Random(sections: 5, voxel: [50, 8, 8], seed: 8);
        var both = new EmModel(own.Info, own.Network, own.Quantization) { Synapses = other };
        using var joined = new AffinityPredictor(both, 2);
        using var first = new AffinityPredictor(own, 1);
        using var second = new AffinityPredictor(other, 1);
        Box[] boxes = [Box.Of(image.Shape), new(new(1, 7, 30), new(3, 50, 71))];
        foreach (var box in boxes)
        {
            var maps = joined.Predict(image, box);
            var (affinities, synapses) = (first.Predict(image, box), second.Predict(image, box));
            for (var c = 0; c < 5; c++)
                Assert.Equal((c < (int)EmOutput.Cleft ? affinities : synapses).Channel(c).ToArray(), maps.Channel(c).ToArray());
        }
    }

    [Fact]
    public void A_companion_of_isotropic_tissue_has_sections_of_its_own()
    {
        var voxel = new VoxelSize(10, 10, 10);
        var image = Image(new(20, 40, 50), voxel, seed: 6);
        var own = SmallModels.Random(sections: 3, voxel: [10, 10, 10]);
        var other = SmallModels.Random(sections: 3, voxel: [16, 16, 16], seed: 9);
        using var joined = new AffinityPredictor(new(own.Info, own.Network) { Synapses = other }, 2);
        using var alone = new AffinityPredictor(other, 1);
        using var plain = new AffinityPredictor(own, 1);
        var box = new Box(new(3, 0, 5), new(17, 40, 50));
        var maps = joined.Predict(image, box);
        Assert.Equal(alone.Predict(image, box).Channel((int)EmOutput.Presynaptic).ToArray(), maps.Channel((int)EmOutput.Presynaptic).ToArray());
        Assert.Equal(plain.Predict(image, box).Channel((int)EmOutput.AffinityZ).ToArray(), maps.Channel((int)EmOutput.AffinityZ).ToArray());
    }

    [Fact]
    public void One_section_alone_is_predicted_from_its_mirror_images()
    {
        var image = Image(new(1, 40, 40), Voxel, seed: 3);
        using var predictor = new AffinityPredictor(SmallModels.Random(sections: 7), 1);
        Assert.Equal(new Index3(1, 40, 40), predictor.Predict(image, Box.Of(image.Shape)).Shape);
    }

    [Fact]
    public void Thin_sections_are_read_at_the_models_spacing()
    {
        var thick = Image(new(5, 32, 32), Voxel, seed: 4);
        var raw = thick.Read(Box.Of(thick.Shape));
        var repeated = new Volume<byte>(new(25, 32, 32));
        for (var z = 0; z < 25; z++) raw.Slice(z / 5).CopyTo(repeated.Slice(z));
        var thin = new MemoryVolume<byte>(repeated, new(10, 4, 4));
        using var predictor = new AffinityPredictor(SmallModels.Random(sections: 3), 1);
        var (a, b) = (predictor.Predict(thick, Box.Of(thick.Shape)), predictor.Predict(thin, Box.Of(thin.Shape)));
        for (var c = 0; c < 5; c++) Assert.Equal(a.Slice(2, c).ToArray(), b.Slice(12, c).ToArray());
    }

    [Fact]
    public void A_box_outside_the_image_and_many_channels_are_refused()
    {
        var image = Image(new(2, 16, 16), Voxel, seed: 5);
        using var predictor = new AffinityPredictor(SmallModels.Random(sections: 3), 1);
        Assert.Throws<ArgumentException>(() => predictor.Predict(image, new(default, new(2, 16, 17))));
        Assert.Empty(predictor.Predict(image, new(new(1, 1, 1), new(1, 4, 4))).Data);
    }

    [Fact]
    public void Images_unlike_the_training_data_are_noticed()
    {
        var model = SmallModels.Random(sections: 3);
        var image = Image(new(2, 64, 64), Voxel, seed: 6);
        var raw = image.Read(Box.Of(image.Shape));
        var (histogram, roughness) = InputStatistics.Of([(raw.Slice(0).ToArray(), 64), (raw.Slice(1).ToArray(), 64)]);
        var known = new EmModel(model.Info with { Histogram = histogram, Roughness = roughness }, model.Network);
        using var same = new AffinityPredictor(known, 1);
        same.Predict(image, Box.Of(image.Shape));
        Assert.True(same.Likeness.IsKnown);
        Assert.False(same.Likeness.LooksUnlikeTraining);
        using var other = new AffinityPredictor(known, 1);
        var dark = new MemoryVolume<byte>(new Volume<byte>(new(2, 64, 64)), Voxel);
        other.Predict(dark, Box.Of(dark.Shape));
        Assert.True(other.Likeness.LooksUnlikeTraining);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(100, 57)]
    [InlineData(57, 100)]
    [InlineData(1, 3)]
    [InlineData(9, 1)]
    public void Resampling_keeps_constants_and_matches_centres(int image, int network)
    {
        var axis = new AxisResampling(image, network);
        for (var i = 0; i < network; i++)
        {
            var taps = axis.Taps(i, out var first);
            double sum = 0, centre = 0;
            for (var k = 0; k < taps.Length; k++) (sum, centre) = (sum + taps[k], centre + taps[k] * (first + k));
            Assert.Equal(1, sum, 1e-5);
            Assert.Equal((i + 0.5) * image / network - 0.5, centre, image == network ? 1e-5 : 0.26);
        }
        for (var i = 0; i < image; i++)
        {
            var (pixel, share) = axis.Back(i);
            Assert.InRange(pixel, -1, network - 1);
            Assert.InRange(share, 0, 1);
            Assert.InRange(axis.Nearest(i) - pixel, 0, 1);
        }
    }

    private static MemoryVolume<byte> Image(Index3 shape, VoxelSize voxel, int seed)
    {
        var random = new Random(seed);
        var volume = new Volume<byte>(shape);
        for (var i = 0; i < volume.Data.Length; i++)
            volume.Data[i] = (byte)Math.Clamp(128 + 90 * Math.Sin(i / 5.0) * Math.Cos(i / 613.0) + random.Next(-30, 31), 0, 255);
        return new(volume, voxel);
    }
}
