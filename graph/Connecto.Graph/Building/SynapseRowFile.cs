using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Connecto.Graph;

/// <summary>A synapse table as binary rows: the form that programs hand over hundreds of millions of synapses in.</summary>
/// <remarks><code>
/// header, 64 bytes: "CNCTROW" and a zero byte; u32 version, 1; u32 fields (SynapseFields); u64 rows; zeros
/// row, little-endian, packed: u64 id, u64 pre, u64 post, then what the fields name, in this order:
///   cleft, pre site, post site (three f32 each: z, y, x in nm), i64 size, f32 score, i32 block
/// </code></remarks>
public static class SynapseRowFile
{
    private const int Header = 64;
    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "CNCTROW\0"u8;

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InvalidDataException">It is no such file, or its length is not that of its rows.</exception>
    public static SynapseReader Open(string path) => new Reader(path);

    /// <summary>Whether a file begins like one of these.</summary>
    internal static bool IsOne(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[8];
        return file.ReadAtLeast(start, 8, throwOnEndOfStream: false) == 8 && start.SequenceEqual(Magic);
    }

    /// <summary>Writes a table; the header comes last, so a file that was cut off has none.</summary>
    /// <returns>Rows written.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static long Write(string path, SynapseReader table)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        Span<byte> header = stackalloc byte[Header];
        header.Clear();
        file.Write(header);
        var batch = new SynapseBatch();
        var width = Width(table.Fields);
        var bytes = new byte[width * SynapseBatch.Capacity];
        var rows = 0L;
        for (; table.Read(batch); rows += batch.Count)
        {
            Encode(batch, table.Fields, bytes, width);
            file.Write(bytes, 0, width * batch.Count);
        }
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], (uint)table.Fields);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], rows);
        file.Position = 0;
        file.Write(header);
        return rows;
    }

    private static int Width(SynapseFields fields) =>
        24 + (Has(fields, SynapseFields.Cleft) ? 12 : 0) + (Has(fields, SynapseFields.PreSite) ? 12 : 0) + (Has(fields, SynapseFields.PostSite) ? 12 : 0)
        + (Has(fields, SynapseFields.Size) ? 8 : 0) + (Has(fields, SynapseFields.Score) ? 4 : 0) + (Has(fields, SynapseFields.Block) ? 4 : 0);

    private static bool Has(SynapseFields fields, SynapseFields one) => (fields & one) != 0;

    // A column at a time: each pass is one strided copy without branches.
    private static void Encode(SynapseBatch batch, SynapseFields fields, byte[] rows, int width)
    {
        var at = 0;
        Put(batch.Ids);
        Put(batch.Pre);
        Put(batch.Post);
        if (Has(fields, SynapseFields.Cleft)) Put(batch.Clefts);
        if (Has(fields, SynapseFields.PreSite)) Put(batch.PreSites);
        if (Has(fields, SynapseFields.PostSite)) Put(batch.PostSites);
        if (Has(fields, SynapseFields.Size)) Put(batch.Sizes);
        if (Has(fields, SynapseFields.Score)) Put(batch.Scores);
        if (Has(fields, SynapseFields.Block)) Put(batch.Blocks);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Put<T>(T[] values) where T : unmanaged
        {
            for (var i = 0; i < batch.Count; i++) Unsafe.WriteUnaligned(ref rows[i * width + at], values[i]);
            at += Unsafe.SizeOf<T>();
        }
    }

    private static void Decode(SynapseBatch batch, SynapseFields fields, byte[] rows, int width)
    {
        var at = 0;
        Take(batch.Ids);
        Take(batch.Pre);
        Take(batch.Post);
        if (Has(fields, SynapseFields.Cleft)) Take(batch.Clefts);
        if (Has(fields, SynapseFields.PreSite)) Take(batch.PreSites);
        if (Has(fields, SynapseFields.PostSite)) Take(batch.PostSites);
        if (Has(fields, SynapseFields.Size)) Take(batch.Sizes);
        if (Has(fields, SynapseFields.Score)) Take(batch.Scores);
        if (Has(fields, SynapseFields.Block)) Take(batch.Blocks);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Take<T>(T[] values) where T : unmanaged
        {
            ref var source = ref MemoryMarshal.GetArrayDataReference(rows);
            var target = values.AsSpan(0, batch.Count);
            for (var i = 0; i < target.Length; i++)
                target[i] = Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref source, i * width + at));
            at += Unsafe.SizeOf<T>();
        }
    }

    private sealed class Reader : SynapseReader
    {
        private readonly FileStream _file;
        private readonly byte[] _bytes;
        private readonly int _width;
        private readonly string _path;
        private long _left;

        public Reader(string path)
        {
            _path = path;
            if (!File.Exists(path)) throw new FileNotFoundException($"There is no table {path}; nothing was imported.", path);
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
            try
            {
                Span<byte> header = stackalloc byte[Header];
                if (_file.ReadAtLeast(header, Header, throwOnEndOfStream: false) < Header || !header[..8].SequenceEqual(Magic))
                    throw new InvalidDataException($"{path} holds no binary rows of synapses; nothing was imported.");
                var (version, fields) = (BinaryPrimitives.ReadUInt32LittleEndian(header[8..]), BinaryPrimitives.ReadUInt32LittleEndian(header[12..]));
                if (version != Version || fields > (uint)SynapseFields.All)
                    throw new InvalidDataException($"{path} has the version {version} and the fields {fields}; version {Version} and fields up to {(uint)SynapseFields.All} are read here. Nothing was imported.");
                Fields = (SynapseFields)fields;
                _left = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
                _width = Width(Fields);
                if (_left < 0 || _left > (long.MaxValue - Header) / _width || _file.Length != Header + _left * _width)
                    throw new InvalidDataException(
                        $"{path} has {_file.Length} bytes; its header says {_left} rows of {_width} after {Header}. It was cut short or grew; nothing was imported.");
            }
            catch
            {
                _file.Dispose();
                throw;
            }
            _bytes = new byte[_width * SynapseBatch.Capacity];
        }

        public override SynapseFields Fields { get; }

        public override bool Read(SynapseBatch batch)
        {
            batch.Count = (int)Math.Min(_left, SynapseBatch.Capacity);
            var bytes = batch.Count * _width;
            if (_file.ReadAtLeast(_bytes.AsSpan(0, bytes), bytes, throwOnEndOfStream: false) < bytes)
                throw new InvalidDataException($"{_path} ended {_left} rows early; nothing was imported.");
            Decode(batch, Fields, _bytes, _width);
            _left -= batch.Count;
            return batch.Count > 0;
        }

        protected override void Dispose(bool disposing) => _file.Dispose();
    }
}
