using System.Text.RegularExpressions;

namespace Connecto.Graph.Tests;

public sealed class NeuronNamesTests
{
    [Fact]
    public void Ids_names_types_and_patterns_find_neurons()
    {
        var c = Samples.Graph(5, (0, 1));
        var names = NeuronNames.Of(c, [new(3, "PN1", "PN"), new(1, "KC1", "KC"), new(2, "PN2", "PN"), new(4, "", "KC")]);
        Assert.Equal([1, 2], names.Find("PN*"));
        Assert.Equal([0, 3], names.Find("KC"));
        Assert.Equal([0, 1, 4], names.Find("5, PN2,KC1,5"));
        Assert.Equal([0, 1, 2], names.Find("??1,PN2"));
        Assert.Equal([0, 1, 2, 3, 4], names.Find("*"));
        Assert.Equal(("PN2", "PN", "", ""), (names.NameOf(1), names.TypeOf(1), names.NameOf(4), names.TypeOf(4)));
        Assert.Contains("'XY'", Assert.Throws<InvalidDataException>(() => names.Find("PN1,XY")).Message);
        Assert.Throws<InvalidDataException>(() => names.Find(" "));
        Assert.Throws<InvalidDataException>(() => NeuronNames.None(c).Find("6"));
        Assert.Equal([2], NeuronNames.None(c).Find("3"));
    }

    [Fact]
    public void Names_of_strangers_and_two_names_of_one_are_refused()
    {
        var c = Samples.Graph(2);
        Assert.Throws<InvalidDataException>(() => NeuronNames.Of(c, [new(3, "a", "")]));
        Assert.Throws<InvalidDataException>(() => NeuronNames.Of(c, [new(1, "a", ""), new(1, "b", "")]));
    }

    [Fact]
    public void Patterns_agree_with_regular_expressions()
    {
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var (pattern, text) = (Word("ab*?"), Word("ab"));
            var regex = new Regex("^" + Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".") + "$");
            Assert.Equal(regex.IsMatch(text), NamePattern.Matches(pattern, text));
        }

        string Word(string letters) => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => letters[random.Next(letters.Length)]));
    }

    [Fact]
    public void Names_are_written_and_read_back()
    {
        var path = Path.GetTempFileName();
        try
        {
            NeuronName[] names = [new(1, "a b", "t"), new(ulong.MaxValue, "", "")];
            NameCsv.Write(path, names);
            Assert.Equal(names, NameCsv.Read(path));
            Assert.Throws<InvalidDataException>(() => NameCsv.Write(path, [new(1, "a,b", "")]));
            Assert.Equal(names, NameCsv.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
