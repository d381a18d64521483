using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>The first pass over a synapse table: rows are checked, written as columns in their order, and their neurons
/// numbered as they come; the numbers of each row go to a file for the second pass. One thread reads ahead, one checks and
/// numbers, one writes the columns: the last two have about as much to do as each other.</summary>
internal sealed class SynapseIntake : IDisposable
{
    /// <summary>The number of an unknown neuron.</summary>
    public const uint Unknown = uint.MaxValue;

    private readonly ConnectomeColumns _columns;
    private readonly ConnectomeBuildOptions _options;
    private readonly NeuronRegistry _neurons = new();
    private readonly FileStream _pairs;
    private readonly ColumnWriter<ulong> _ids, _pre, _post;
    private readonly ColumnWriter<Site> _clefts, _preSites, _postSites;
    private readonly ColumnWriter<long> _sizes;
    private readonly ColumnWriter<float> _scores;
    private readonly ColumnWriter<int> _blocks;
    private readonly (uint, uint)[] _buffer = new (uint, uint)[SynapseBatch.Capacity];
    private ulong _last;

    public SynapseIntake(ConnectomeColumns columns, string pairs, ConnectomeBuildOptions options)
    {
        (_columns, _options) = (columns, options);
        foreach (var neuron in options.Neurons ?? [])
        {
            if (neuron.Id == 0) throw new InvalidDataException("A neuron has the id 0, which means background; no connectome was built.");
            if (_neurons.Find(neuron.Id) >= 0)
                throw new InvalidDataException($"Neuron {neuron.Id} occurs twice in the list of neurons; no connectome was built.");
            _neurons.FindOrAdd(neuron.Id);
        }
        _pairs = new FileStream(pairs, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        (_ids, _pre, _post) = (columns.Begin<ulong>("synapses.id"), columns.Begin<ulong>("synapses.pre"), columns.Begin<ulong>("synapses.post"));
        _clefts = columns.Begin<Site>("synapses.cleft");
        (_preSites, _postSites) = (columns.Begin<Site>("synapses.pre-site"), columns.Begin<Site>("synapses.post-site"));
        (_sizes, _scores, _blocks) = (columns.Begin<long>("synapses.size"), columns.Begin<float>("synapses.score"), columns.Begin<int>("synapses.block"));
    }

    public int Rows { get; private set; }

    public int Unassigned { get; private set; }

    /// <summary>Whether ids came in ascending order, each once.</summary>
    public bool Ascending { get; private set; } = true;

    public NeuronRegistry Neurons => _neurons;

    public void Take(SynapseReader table)
    {
        using BlockingCollection<SynapseBatch> empty = [], full = new(3), good = new(3);
        for (var i = 0; i < 6; i++) empty.Add(new SynapseBatch());
        using var stop = new CancellationTokenSource();
        var fields = table.Fields;
        // A failure of reading leaves the rows before it to be checked, so that the first wrong row is the one that is told.
        var reading = Failures.Start(() =>
        {
            try
            {
                for (SynapseBatch batch; table.Read(batch = empty.Take(stop.Token));) full.Add(batch, stop.Token);
            }
            finally
            {
                full.CompleteAdding();
            }
        });
        var writing = Failures.Start(() =>
        {
            try
            {
                foreach (var batch in good.GetConsumingEnumerable(stop.Token))
                {
                    Write(batch, fields);
                    empty.Add(batch);
                }
            }
            catch
            {
                stop.Cancel();
                throw;
            }
        });
        try
        {
            foreach (var batch in full.GetConsumingEnumerable(stop.Token))
            {
                Take(batch, fields);
                good.Add(batch, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Writing failed, and says why below.
        }
        catch
        {
            stop.Cancel();
            throw;
        }
        finally
        {
            good.CompleteAdding();
            Failures.Wait(reading);
            Failures.Wait(writing);
        }
        Finish(fields);
    }

    public void Dispose()
    {
        _pairs.Dispose();
        foreach (var writer in (IDisposable[])[_ids, _pre, _post, _clefts, _preSites, _postSites, _sizes, _scores, _blocks]) writer.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Take(SynapseBatch batch, SynapseFields fields)
    {
        if (Rows > int.MaxValue - 64 - batch.Count)
            throw new InvalidDataException($"{_options.Table} has more than {int.MaxValue - 64} rows; no connectome was built.");
        Check(batch, fields);
        var n = batch.Count;
        for (var i = 0; i < n; i++)
        {
            ulong pre = batch.Pre[i], post = batch.Post[i];
            if (pre == 0 || post == 0) Unassigned++;
            _buffer[i] = (Number(batch, i, pre), Number(batch, i, post));
        }
        _pairs.Write(MemoryMarshal.AsBytes(_buffer.AsSpan(0, n)));
        Rows += n;
    }

    private void Write(SynapseBatch batch, SynapseFields fields)
    {
        var n = batch.Count;
        _ids.Add(batch.Ids.AsSpan(0, n));
        _pre.Add(batch.Pre.AsSpan(0, n));
        _post.Add(batch.Post.AsSpan(0, n));
        if ((fields & SynapseFields.Cleft) != 0) _clefts.Add(batch.Clefts.AsSpan(0, n));
        if ((fields & SynapseFields.PreSite) != 0) _preSites.Add(batch.PreSites.AsSpan(0, n));
        if ((fields & SynapseFields.PostSite) != 0) _postSites.Add(batch.PostSites.AsSpan(0, n));
        if ((fields & SynapseFields.Size) != 0) _sizes.Add(batch.Sizes.AsSpan(0, n));
        if ((fields & SynapseFields.Score) != 0) _scores.Add(batch.Scores.AsSpan(0, n));
        if ((fields & SynapseFields.Block) != 0) _blocks.Add(batch.Blocks.AsSpan(0, n));
    }

    private uint Number(SynapseBatch batch, int i, ulong id)
    {
        if (id == 0) return Unknown;
        if (_options.Neurons is null) return (uint)_neurons.FindOrAdd(id);
        var number = _neurons.Find(id);
        return number >= 0 ? (uint)number : throw Bad(batch, i, $"names neuron {id}, which is not among the {_neurons.Count} neurons");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Check(SynapseBatch batch, SynapseFields fields)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var id = batch.Ids[i];
            if (id <= _last)
            {
                if (id == 0) throw Bad(batch, i, "has the id 0; ids begin at 1");
                Ascending = false;
            }
            _last = id;
        }
        if ((fields & SynapseFields.Size) != 0 && batch.Sizes.AsSpan(0, batch.Count).ContainsAnyInRange(long.MinValue, -1))
            throw Bad(batch, batch.Sizes.AsSpan().IndexOfAnyInRange(long.MinValue, -1), "has a size below 0");
        if ((fields & SynapseFields.Score) != 0)
            for (var i = 0; i < batch.Count; i++)
                if (!(batch.Scores[i] >= 0) || float.IsInfinity(batch.Scores[i]))
                    throw Bad(batch, i, "has a score that is negative or not a number; 0 to 1 was expected");
        if ((fields & SynapseFields.Cleft) != 0) Finite(batch, batch.Clefts);
        if ((fields & SynapseFields.PreSite) != 0) Finite(batch, batch.PreSites);
        if ((fields & SynapseFields.PostSite) != 0) Finite(batch, batch.PostSites);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Finite(SynapseBatch batch, Site[] sites)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var s = sites[i];
            // A sum is finite where all three are, but for overflow, which no place in nanometres reaches.
            if (!float.IsFinite(s.Z + s.Y + s.X)) throw Bad(batch, i, "has a position that is not a finite number of nanometres");
        }
    }

    private void Finish(SynapseFields fields)
    {
        _pairs.Dispose();
        End("synapses.id", _ids, has: SynapseFields.None, fields);
        End("synapses.pre", _pre, SynapseFields.None, fields);
        End("synapses.post", _post, SynapseFields.None, fields);
        End("synapses.cleft", _clefts, SynapseFields.Cleft, fields);
        End("synapses.pre-site", _preSites, SynapseFields.PreSite, fields);
        End("synapses.post-site", _postSites, SynapseFields.PostSite, fields);
        End("synapses.size", _sizes, SynapseFields.Size, fields);
        End("synapses.score", _scores, SynapseFields.Score, fields);
        End("synapses.block", _blocks, SynapseFields.Block, fields);
    }

    private void End<T>(string name, ColumnWriter<T> writer, SynapseFields has, SynapseFields fields) where T : unmanaged
    {
        if ((fields & has) != has) writer.AddZeros(Rows);
        _columns.End(name, writer);
    }

    private InvalidDataException Bad(SynapseBatch batch, int i, string what) =>
        new($"Synapse {batch.Ids[i]} in row {Rows + i} of {_options.Table} {what}; no connectome was built.");
}
