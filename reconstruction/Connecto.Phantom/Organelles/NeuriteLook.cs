namespace Connecto.Phantom.Organelles;

/// <summary>How one neurite looks inside.</summary>
/// <param name="Grey">Mean grey of its cytoplasm.</param>
/// <param name="Granularity">Standard deviation of its texture, grey levels.</param>
/// <param name="Microtubules">Share of the places for microtubules that are taken.</param>
/// <param name="Key">Random key of the neurite; its low bits shift the texture.</param>
internal readonly record struct NeuriteLook(float Grey, float Granularity, float Microtubules, ulong Key)
{
    /// <summary>Share of neurites that are dark and granular, as glia are.</summary>
    private const float DarkShare = 0.04f;

    public static NeuriteLook[] Of(PhantomOptions options, int neurites)
    {
        var appearance = options.EffectiveAppearance;
        var looks = new NeuriteLook[neurites + 1];
        for (var i = 1; i <= neurites; i++)
        {
            var key = PlaceRandom.Hash(PlaceRandom.Mix(options.Seed + 0x1001), (ulong)i);
            var kind = PlaceRandom.Hash(key, 1);
            var grey = appearance.Cytoplasm + appearance.CytoplasmSpread * PlaceRandom.Normal(PlaceRandom.Hash(key, 0));
            var granularity = appearance.Granularity * (0.65 + 0.8 * PlaceRandom.Unit(kind, 24));
            if (PlaceRandom.Unit(kind) < DarkShare) (grey, granularity) = (0.62 * appearance.Cytoplasm, 1.5 * appearance.Granularity);
            looks[i] = new NeuriteLook((float)grey, (float)granularity, 0.15f + 0.5f * PlaceRandom.Unit(kind, 40), key);
        }
        return looks;
    }
}
