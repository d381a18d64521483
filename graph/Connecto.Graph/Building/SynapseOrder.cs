using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>Puts columns whose ids do not ascend in the order of the ids: ids are sorted with their rows, outside memory where
/// need be, and every column is gathered through a memory map into a new one.</summary>
internal static class SynapseOrder
{
    /// <exception cref="InvalidDataException">An id occurs twice.</exception>
    public static void Restore(ConnectomeColumns columns, string pairs, int rows, ConnectomeBuildOptions options)
    {
        var order = Path.Combine(columns.Directory, "order.scratch");
        WriteOrder(columns, order, rows, options);
        columns.Rewrite<ulong>("synapses.id", path => Gather<ulong>(path, order, rows));
        columns.Rewrite<ulong>("synapses.pre", path => Gather<ulong>(path, order, rows));
        columns.Rewrite<ulong>("synapses.post", path => Gather<ulong>(path, order, rows));
        columns.Rewrite<Site>("synapses.cleft", path => Gather<Site>(path, order, rows));
        columns.Rewrite<Site>("synapses.pre-site", path => Gather<Site>(path, order, rows));
        columns.Rewrite<Site>("synapses.post-site", path => Gather<Site>(path, order, rows));
        columns.Rewrite<long>("synapses.size", path => Gather<long>(path, order, rows));
        columns.Rewrite<float>("synapses.score", path => Gather<float>(path, order, rows));
        columns.Rewrite<int>("synapses.block", path => Gather<int>(path, order, rows));
        var old = pairs + ".old";
        File.Move(pairs, old);
        using (var file = new FileStream(pairs, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            foreach (var piece in Gather<ulong>(old, order, rows, header: 0))
                file.Write(MemoryMarshal.AsBytes(piece.Span));
        File.Delete(old);
        File.Delete(order);
    }

    private static void WriteOrder(ConnectomeColumns columns, string path, int rows, ConnectomeBuildOptions options)
    {
        using var ids = ColumnPieces.Open(columns.PathOf("synapses.id"));
        using var sort = new ExternalSort(columns.Directory, "ids", options.MemoryBytes, options.Threads);
        sort.MakeRuns(rows, ulong.MaxValue, (first, target) =>
        {
            var piece = new ulong[1 << 14];
            for (int at = 0, n; at < target.Length; at += n)
            {
                n = Math.Min(piece.Length, target.Length - at);
                ColumnPieces.Read(ids, first + at, piece.AsSpan(0, n));
                for (var i = 0; i < n; i++) target[at + i] = new SortRow { Key = piece[i], Row = first + at + i };
            }
            return target.Length;
        });
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        var (last, lastRow) = (0UL, 0);
        sort.Merge(sorted =>
        {
            foreach (ref readonly var row in sorted)
            {
                if (row.Key == last)
                    throw new InvalidDataException(
                        $"Synapse {row.Key} in row {row.Row} of {options.Table} repeats the id of row {lastRow}; ids must be unique; no connectome was built.");
                (last, lastRow) = (row.Key, row.Row);
                file.Write(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in row.Row, 1)));
            }
        });
    }

    /// <summary>A file's values in the order asked for, a piece at a time.</summary>
    private static IEnumerable<ReadOnlyMemory<T>> Gather<T>(string path, string order, int rows, int header = ColumnHeader.Bytes) where T : unmanaged
    {
        using var orderFile = ColumnPieces.Open(order);
        using var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using var view = map.CreateViewAccessor(header, 0, MemoryMappedFileAccess.Read);
        var places = new int[1 << 14];
        var values = new T[places.Length];
        for (int at = 0, n; at < rows; at += n)
        {
            n = Math.Min(places.Length, rows - at);
            ColumnPieces.Read(orderFile, at, places.AsSpan(0, n), header: 0);
            for (var i = 0; i < n; i++) view.Read((long)places[i] * Unsafe.SizeOf<T>(), out values[i]);
            yield return values.AsMemory(0, n);
        }
    }
}
