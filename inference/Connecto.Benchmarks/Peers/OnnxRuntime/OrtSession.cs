using System.Runtime.InteropServices;
using System.Text;

namespace Connecto.Benchmarks;

/// <summary>A model in ONNX Runtime's CPU provider with all its graph optimisations; floats in, floats out.</summary>
internal sealed unsafe class OrtSession : IDisposable
{
    private const int AllOptimizations = 99, Floats = 1, DeviceAllocator = 0, DefaultMemory = 0;

    private readonly OrtLibrary library;
    private readonly nint memory;
    private readonly nint session;

    /// <summary>Loads a model.</summary>
    /// <param name="library">The library.</param>
    /// <param name="model">An ONNX file's bytes.</param>
    /// <param name="threads">Threads inside an operator, the caller's included; operators run one after the other.</param>
    /// <exception cref="InvalidOperationException">ONNX Runtime does not take the model; the message is its own.</exception>
    public OrtSession(OrtLibrary library, ReadOnlySpan<byte> model, int threads)
    {
        this.library = library;
        nint options, made, info;
        library.Check(((delegate* unmanaged<nint*, nint>)library[OrtFunction.CreateSessionOptions])(&options));
        try
        {
            Set(options, OrtFunction.SetSessionGraphOptimizationLevel, AllOptimizations);
            Set(options, OrtFunction.SetIntraOpNumThreads, threads);
            Set(options, OrtFunction.SetInterOpNumThreads, 1);
            fixed (byte* bytes = model)
                library.Check(((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)library[OrtFunction.CreateSessionFromArray])(
                    library.Environment, bytes, (nuint)model.Length, options, &made));
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)library[OrtFunction.ReleaseSessionOptions])(options);
        }
        session = made;
        library.Check(((delegate* unmanaged<int, int, nint*, nint>)library[OrtFunction.CreateCpuMemoryInfo])(DeviceAllocator, DefaultMemory, &info));
        memory = info;

        void Set(nint of, OrtFunction function, int value) =>
            library.Check(((delegate* unmanaged<nint, int, nint>)library[function])(of, value));
    }

    /// <summary>Runs the model once.</summary>
    /// <param name="input">The input's name, its axes and its values.</param>
    /// <param name="outputs">The outputs' names, their axes and where their values go.</param>
    /// <exception cref="InvalidOperationException">ONNX Runtime refuses; the message is its own.</exception>
    public void Run(OrtPlanes input, params ReadOnlySpan<OrtPlanes> outputs)
    {
        var pins = new List<GCHandle>();
        var values = new nint[outputs.Length + 1];
        var names = new nint[outputs.Length + 1];
        try
        {
            for (var i = 0; i <= outputs.Length; i++)
            {
                var planes = i == 0 ? input : outputs[i - 1];
                names[i] = Pin(Encoding.UTF8.GetBytes(planes.Name + '\0'));
                long[] shape = [.. planes.Shape];
                nint value;
                fixed (long* axes = shape)
                    library.Check(((delegate* unmanaged<nint, nint, nuint, long*, nuint, int, nint*, nint>)library[OrtFunction.CreateTensorWithDataAsOrtValue])(
                        memory, Pin(planes.Values), (nuint)planes.Values.Length * sizeof(float), axes, (nuint)shape.Length, Floats, &value));
                values[i] = value;
            }
            fixed (nint* name = names, value = values)
                library.Check(((delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)library[OrtFunction.Run])(
                    session, 0, name, value, 1, name + 1, (nuint)outputs.Length, value + 1));
        }
        finally
        {
            foreach (var value in values)
                if (value != 0)
                    ((delegate* unmanaged<nint, void>)library[OrtFunction.ReleaseValue])(value);
            foreach (var pin in pins) pin.Free();
        }

        nint Pin(Array array)
        {
            pins.Add(GCHandle.Alloc(array, GCHandleType.Pinned));
            return pins[^1].AddrOfPinnedObject();
        }
    }

    /// <summary>Ends the session's threads.</summary>
    public void Dispose()
    {
        ((delegate* unmanaged<nint, void>)library[OrtFunction.ReleaseSession])(session);
        ((delegate* unmanaged<nint, void>)library[OrtFunction.ReleaseMemoryInfo])(memory);
    }
}

/// <summary>An input or output of a run.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Shape">Batch, channels, rows, columns.</param>
/// <param name="Values">The values; written by a run where it is an output.</param>
internal sealed record OrtPlanes(string Name, IReadOnlyList<long> Shape, float[] Values);
